import type { Delivery } from '../lib/model/notify/outbox-message.ts'
import { deliveryWords } from '../lib/locales/format/delivery-words.ts'
import type { Catalogue } from '../lib/locales/en.ts'
import { noticeLine } from '../lib/locales/format/notice-words.ts'
import { helpMoved, moveCursor, selectedIn } from './actions/move.ts'
import { clickedPage } from './actions/takeover.ts'
import { answerFollowed } from './forms/answer-form.ts'
import { updateProgress } from './lists/progress.ts'
import { logActivity, noEffects, wordsOf } from './binding.ts'
import { helpHeld } from './overlays/help-lines.ts'
import { keyName } from './key-name.ts'
import { BINDINGS, actionFor, refusalOf } from './keymap.ts'
import { restoreMarks } from './lists/multi-select.ts'
import { overlayClicked, overlayPasted, overlayPressed } from './overlays/overlay.ts'
import { refreshStale, lookedUp, startQueries } from './queries/lookups.ts'
import {
  isTyping,
  looking,
  pointed,
  stillLooking,
  typedCommand,
  typedPlace,
  typingFollowed,
  watchedWorker,
} from './overlays/picture.ts'
import { promptPasted, promptPressed } from './overlays/prompt.ts'
import { answerPressed, answered } from './overlays/dialogs.ts'
import { sampled } from './lists/throughput.ts'
import { scheduleFollowed } from './details/schedule-entries.ts'
import { restoreSelection } from './selection.ts'
import type { Done, Snapshot } from '../lib/app/port/snapshot.ts'
import { formAnswered } from './forms/form.ts'
import { focusedPane } from './state.ts'
import type { Effect, Message, State, Step, Target } from './state.ts'
import { restartAsked } from './overlays/restart-question.ts'

/** Returns the next state for a message, and the effects to perform. Pure. */
export function update(before: State, message: Message): Step {
  const [state, effects] = followed(before, message)
  return startQueries([helpHeld(state), effects])
}

function followed(before: State, message: Message): Step {
  const state = before.now === message.at ? before : { ...before, now: message.at }
  switch (message.type) {
    case 'tick':
      return stillLooking(refreshStale(state))
    case 'resize': {
      const next = { ...state, size: message.size }
      return next.picture === null ? noEffects(next) : looking(next, next.picture)
    }
    case 'snapshot':
      return [restartAsked(withSnapshot(state, message.snapshot)), sounds(state, message.snapshot)]
    case 'key':
      return pressed(state, message.key)
    case 'paste':
      return pasted(state, message.text)
    case 'press':
      return clicked(state, message.target)
    case 'wheel':
      return noEffects(wheeled(state, message.target, message.lines))
    case 'looked-up':
      return noEffects(lookedUp(state, message.id, message.lookup, message.result))
    case 'performed': {
      const words = wordsOf(state)
      const { activity } = words
      const { result } = message
      const text = result.ok ? doneText(words, result) : activity.failed(result.message)
      const refused = result.ok && result.delivery !== undefined && result.delivery.status !== 'delivered'
      if (message.activityId === null) return noEffects(logActivity(state, '', text, 'bad'))
      const told = concluded(state, message.activityId, text, result.ok && !refused ? 'good' : 'bad')
      // The command may have changed the data that these screens show.
      const read = {
        ...told,
        database: { ...told.database, stale: true },
        settings: { ...told.settings, stale: true },
      }
      return noEffects(formAnswered(read, message.activityId, result))
    }
    case 'unanswered':
      return noEffects(concluded(state, message.activityId, wordsOf(state).activity.unanswered, 'bad'))
    case 'quit-refused': {
      if (state.quitting !== message.mode) return noEffects(state)
      const text = wordsOf(state).activity.failed(message.message)
      return noEffects({ ...logActivity(state, 'q', text, 'bad'), quitting: null })
    }
  }
}

/** Returns a text about the outcome of a command that was performed. */
function doneText(
  { activity, notify }: Catalogue,
  { path, jobId, rows, delivery, priorities }: Done,
): string {
  if (delivery !== undefined) return deliveryText(delivery, notify)
  if (priorities !== undefined) return activity.priority(Math.min(...priorities), Math.max(...priorities))
  if (path !== undefined && rows !== undefined) return activity.rowsSaved(rows, path)
  if (path !== undefined) return activity.savedIn(path)
  return jobId === undefined ? activity.done : activity.jobQueued(jobId)
}

/**
 * Returns a text about the outcome of a message's delivery. If the message was refused, the text
 * includes the remedy.
 */
function deliveryText(delivery: Delivery, notify: Catalogue['notify']): string {
  const said = notify.result[delivery.status]
  if (delivery.status === 'delivered') return said
  const why = `${said}: ${deliveryWords(delivery.why, notify)}`
  return delivery.status === 'later' ? why : `${why}. ${notify.remedy[delivery.refusal]}`
}

function withSnapshot(state: State, snapshot: Snapshot): State {
  const selected = restoreSelection(state, snapshot)
  const { opened: known } = state
  const refusedBefore = state.activity.at(-1)?.tone === 'bad' && isConnecting(state.snapshot)
  const opened = snapshot.workers.find(({ workerId }) => workerId === known?.workerId) ?? known
  const marked = restoreMarks(state, snapshot)
  const next = overlaysFollowed({
    ...{ ...state, snapshot, selected, marked, opened },
    samples: sampled(state.samples, snapshot),
    batch: updateProgress(state.batch, snapshot.counts),
  })
  if (refusedBefore && !isConnecting(snapshot))
    return logActivity(next, '', wordsOf(state).activity.connected, 'good')
  return next
}

/**
 * Updates the open box after a change to its subject: a page that the operator types into, the
 * question of a form, or a schedule.
 */
const overlaysFollowed = (state: State): State => typingFollowed(answerFollowed(scheduleFollowed(state)))

const isConnecting = (snapshot: Snapshot | null) => snapshot === null || snapshot.connection === 'connecting'

function pressed(state: State, key: string): Step {
  if (state.dialog !== null) return answered(state, state.dialog, key)
  if (state.overlay !== null) return overlayPressed(state, state.overlay, key)
  if (state.prompt !== null) return promptPressed(state, state.prompt, key)
  if (isTyping(state)) return typed(state, key)
  const id = actionFor(state, key)
  const words = wordsOf(state)
  if (id === undefined) {
    return noEffects(logActivity(state, '', words.unavailable.unknownKey(keyName(key, words)), 'bad'))
  }
  const refusal = refusalOf(state, id)
  return refusal === null ? BINDINGS[id].run(state, key) : noEffects(logActivity(state, key, refusal, 'bad'))
}

function clicked(state: State, target: Target): Step {
  if (state.overlay !== null && state.dialog === null) {
    return target.type === 'option' ? overlayClicked(state, state.overlay, target.index) : noEffects(state)
  }
  switch (target.type) {
    case 'option':
      return state.dialog === null ? noEffects(state) : answerPressed(state, state.dialog, target.index, 'm')
    case 'key':
      return pressed(state, target.key)
    case 'picture': {
      if (state.dialog !== null) return noEffects(state)
      const aimed = pointed(state, target.column, target.row)
      const refusal = refusalOf(aimed, 'pictureClick')
      return refusal === null ? clickedPage(aimed, '') : noEffects(logActivity(aimed, '', refusal, 'bad'))
    }
    case 'pane':
      return state.dialog === null ? noEffects(focusedOn(state, target)) : noEffects(state)
    case 'row': {
      if (state.dialog !== null) return noEffects(state)
      const again = state.selected[target.pane] === target.id && focusedPane(state) === target.pane
      const next = selectedIn(focusedOn(state, target), target.pane, target.id)
      return again && actionFor(next, 'enter') !== undefined ? pressed(next, 'enter') : noEffects(next)
    }
  }
}

function focusedOn(state: State, { pane }: Extract<Target, { type: 'pane' | 'row' }>): State {
  return { ...state, focus: { ...state.focus, [state.screen]: pane } }
}

function wheeled(state: State, target: Target | null, lines: number): State {
  if (state.dialog !== null || state.overlay !== null) return state
  if (state.help.open) return helpMoved(state, lines)
  return target?.type === 'row' || target?.type === 'pane' ? moveCursor(state, target.pane, lines) : state
}

/**
 * Processes a key while the operator types into a page. The page takes the key or ignores it, and
 * no key is a command.
 */
function typed(state: State, key: string): Step {
  if (key === 'escape' || key === 'C-c') return noEffects(typingEnded(state, key))
  const worker = watchedWorker(state)
  const place = typedPlace(state)
  const command =
    worker === undefined || place === undefined ? undefined : typedCommand(worker.workerId, place, key)
  return command === undefined ? noEffects(state) : [state, [{ type: 'perform', command, activityId: null }]]
}

function typingEnded(state: State, key: string): State {
  if (state.picture === null) return state
  return logActivity(
    { ...state, picture: { ...state.picture, typing: null } },
    key,
    wordsOf(state).activity.typingEnded,
  )
}

function pasted(state: State, text: string): Step {
  if (state.overlay !== null && state.dialog === null) return overlayPasted(state, state.overlay, text)
  if (state.prompt !== null && state.dialog === null) return promptPasted(state, state.prompt, text)
  const worker = watchedWorker(state)
  if (!isTyping(state) || worker === undefined || state.dialog !== null) {
    return noEffects(logActivity(state, '', wordsOf(state).unavailable.paste, 'bad'))
  }
  const place = typedPlace(state)
  if (place === undefined) return noEffects(state)
  const command = { type: 'worker.text', workerId: worker.workerId, ...place, text } as const
  return [state, [{ type: 'perform', command, activityId: null }]]
}

/**
 * Returns the effects that call the operator's attention to a new snapshot: a bell if a worker
 * waits for a person, and the new notifications.
 */
function sounds(state: State, after: Snapshot): readonly Effect[] {
  const words = wordsOf(state)
  const newest = state.snapshot === null ? Infinity : (state.snapshot.notices.at(-1)?.id ?? 0)
  const told = after.notices.filter(({ id }) => id > newest)
  return [
    ...(rings(state, after) ? [{ type: 'bell' } as const] : []),
    ...told.map(({ notice }) => ({ type: 'notify', text: noticeLine(notice, words) }) as const),
  ]
}

/** True if a worker waits for a person that did not wait for one in the previous snapshot. */
function rings({ snapshot: before }: State, after: Snapshot): boolean {
  const calls = ({ workers }: Snapshot) =>
    workers.flatMap(({ workerId, waiting }) =>
      waiting?.for === 'person' ? [`${workerId} ${waiting.id}`] : [],
    )
  const known = new Set(before === null ? [] : calls(before))
  return calls(after).some(call => !known.has(call))
}

/** Returns the state with the outcome of a command added to its activity line. */
function concluded(state: State, id: number, text: string, tone: 'good' | 'bad'): State {
  return {
    ...state,
    activity: state.activity.map(entry =>
      entry.id === id ? { ...entry, text: `${entry.text} → ${text}`, tone, at: state.now } : entry,
    ),
  }
}
