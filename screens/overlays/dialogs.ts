import { quitting } from '../actions/console.ts'
import { dispatchCommand, logActivity, noEffects, wordsOf } from '../binding.ts'
import { rowsQuery } from '../../lib/app/port/database.ts'
import { markPane } from '../lists/multi-select.ts'
import type { Dialog, KillQuestion } from './overlay-state.ts'
import type { State, Step } from '../state.ts'

/** One choice in a dialog. The harmless choice is the default. */
export interface Option {
  readonly label: string
  readonly hint: string
  readonly run: (state: State, key: string) => Step
}

const closed = (state: State, key: string): Step =>
  noEffects(logActivity({ ...state, dialog: null }, key, wordsOf(state).activity.kept))

/** Returns the choices of the open dialog. */
export function optionsOf(state: State, dialog: Dialog): readonly Option[] {
  const words = wordsOf(state).dialog
  if (dialog.type === 'cancel') {
    return [
      { label: dialog.workers > 0 ? words.cancelNo : words.cancelKeep, hint: '', run: closed },
      { label: words.cancelYes, hint: '', run: (now, key) => cancel(now, dialog.jobId, key) },
    ]
  }
  if (dialog.type === 'kill') {
    return [
      { label: words.killNo, hint: '', run: closed },
      { label: words.killYes, hint: '', run: (now, key) => kill(now, dialog, key) },
    ]
  }
  if (dialog.type === 'fail') {
    return [
      { label: words.failNo, hint: '', run: closed },
      { label: words.failYes, hint: '', run: (now, key) => fail(now, dialog, key) },
    ]
  }
  if (dialog.type === 'retry-dead') {
    return [
      { label: words.retryDeadNo, hint: '', run: closed },
      { label: words.retryDeadYes, hint: '', run: retryDead },
    ]
  }
  if (dialog.type === 'marked') {
    const yes = dialog.verb === 'cancel' ? words.cancelMarkedYes : words.retryDeadYes
    return [
      { label: words.retryDeadNo, hint: '', run: closed },
      { label: yes, hint: '', run: (now, key) => doMarked(now, dialog, key) },
    ]
  }
  if (dialog.type === 'remove-rows') {
    return [
      { label: words.cancelled, hint: '', run: closed },
      { label: words.removeYes, hint: '', run: (now, key) => remove(now, dialog, key) },
    ]
  }
  if (dialog.type === 'remove-schedule') {
    return [
      { label: words.cancelled, hint: '', run: closed },
      { label: words.removeYes, hint: '', run: (now, key) => removeSchedule(now, dialog.name, key) },
    ]
  }
  if (dialog.type === 'export') {
    return [
      { label: words.cancelled, hint: '', run: closed },
      { label: words.exportCsv, hint: words.exportCsvHint, run: (now, key) => exported(now, 'csv', key) },
      { label: words.exportJson, hint: words.exportJsonHint, run: (now, key) => exported(now, 'json', key) },
    ]
  }
  if (dialog.type === 'restart') {
    return [
      { label: words.restartLater, hint: words.restartLaterHint, run: closed },
      {
        label: words.restartYes,
        hint: words.restartYesHint,
        run: (now, key) => quitting(now, 'restart', key),
      },
    ]
  }
  return [
    { label: words.quitDrain, hint: words.quitDrainHint, run: (now, key) => quitting(now, 'drain', key) },
    { label: words.quitNow, hint: words.quitNowHint, run: (now, key) => quitting(now, 'now', key) },
    { label: words.quitStay, hint: '', run: closed },
  ]
}

function cancel(state: State, id: number, key: string): Step {
  return dispatchCommand(
    { ...state, dialog: null },
    key,
    { type: 'job.cancel', id },
    wordsOf(state).activity.jobCancel(id),
  )
}

function kill(state: State, { parts }: KillQuestion, key: string): Step {
  const { activity } = wordsOf(state)
  const next = { ...state, dialog: null, marked: { ...state.marked, jobs: [] } }
  return dispatchCommand(next, key, { type: 'workers.kill', parts }, activity.workersKill(parts.length))
}

function retryDead(state: State, key: string): Step {
  const closed = { ...state, dialog: null }
  return dispatchCommand(closed, key, { type: 'jobs.retry-dead' }, wordsOf(state).activity.jobRetryDead)
}

function doMarked(state: State, { verb, ids }: Extract<Dialog, { type: 'marked' }>, key: string): Step {
  const { activity } = wordsOf(state)
  const said = verb === 'cancel' ? activity.markedCancel(ids.length) : activity.markedRetry(ids.length)
  const pane = markPane(state)
  const marked = pane === undefined ? state.marked : { ...state.marked, [pane]: [] }
  return dispatchCommand({ ...state, dialog: null, marked }, key, { type: `jobs.${verb}`, ids }, said)
}

function fail(state: State, dialog: Extract<Dialog, { type: 'fail' }>, key: string): Step {
  const { workerId, waitingId, jobId } = dialog
  const words = wordsOf(state)
  return dispatchCommand(
    { ...state, dialog: null },
    key,
    { type: 'worker.answer', workerId, waitingId, answer: 'fail', reason: words.dialog.failReason },
    words.activity.workerFail(jobId),
  )
}

function remove(state: State, { table, keys }: Extract<Dialog, { type: 'remove-rows' }>, key: string): Step {
  const next = { ...state, dialog: null, marked: { ...state.marked, rows: [] } }
  return dispatchCommand(
    next,
    key,
    { type: 'rows.remove', table, keys },
    wordsOf(state).activity.rowsRemove(keys.length, table),
  )
}

function removeSchedule(state: State, name: string, key: string): Step {
  const next = { ...state, dialog: null }
  return dispatchCommand(
    next,
    key,
    { type: 'schedule.remove', name },
    wordsOf(state).activity.scheduleRemove(name),
  )
}

function exported(state: State, format: 'csv' | 'json', key: string): Step {
  const query = rowsQuery(state.database)
  const closed = { ...state, dialog: null }
  if (query === null) return noEffects(closed)
  return dispatchCommand(
    closed,
    key,
    { type: 'rows.export', query, format },
    wordsOf(state).activity.rowsExport(query.table),
  )
}

const STEPS = new Map([
  ['down', 1],
  ['right', 1],
  ['tab', 1],
  ['j', 1],
  ['up', -1],
  ['left', -1],
  ['S-tab', -1],
  ['k', -1],
])

/**
 * Processes a key while a dialog is open: moves, chooses or closes. The key never reaches the
 * screens behind.
 */
export function answered(state: State, dialog: Dialog, key: string): Step {
  const options = optionsOf(state, dialog)
  if (key === 'escape' || key === 'C-c') return closed(state, key)
  if (key === 'enter') return options[dialog.choice]?.run(state, key) ?? noEffects(state)
  const choice = (dialog.choice + (STEPS.get(key) ?? 0) + options.length) % options.length
  return noEffects({ ...state, dialog: { ...dialog, choice } })
}

/** Processes a mouse press on a choice. */
export function answerPressed(state: State, dialog: Dialog, index: number, key: string): Step {
  return optionsOf(state, dialog)[index]?.run(state, key) ?? noEffects(state)
}
