import type { Delivery } from '../lib/model/notify/message.ts'
import { deliveryWords } from '../lib/locales/format/delivery-words.ts'
import type { Catalogue } from '../lib/locales/en.ts'
import { noticeLine } from '../lib/locales/format/notice-words.ts'
import { helpMoved, moved, selectedIn } from './actions/move.ts'
import { clickedPage } from './actions/takeover.ts'
import { answerFollowed } from './forms/answer-form.ts'
import { batchFollowed } from './lists/batch.ts'
import { noted, only, wordsOf } from './binding.ts'
import { helpHeld } from './overlays/help-lines.ts'
import { keyName } from './key-name.ts'
import { BINDINGS, actionFor, refusalOf } from './keymap.ts'
import { remarked } from './lists/marks.ts'
import { overlayClicked, overlayPasted, overlayPressed } from './overlays/overlay.ts'
import { lookedAgain, lookedUp, lookingUp } from './queries/lookups.ts'
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
import { answerPressed, answered } from './overlays/questions.ts'
import { sampled } from './lists/samples.ts'
import { scheduleFollowed } from './details/schedule-entries.ts'
import { reselected } from './selection.ts'
import type { Done, Snapshot } from '../lib/app/port/snapshot.ts'
import { formAnswered } from './forms/form.ts'
import { focusedPane } from './state.ts'
import type { Effect, Message, State, Step, Target } from './state.ts'
import { restartAsked } from './overlays/restart-question.ts'

/** What follows from a message: the next state, and what is to be done. Pure. */
export function update(before: State, message: Message): Step {
  const [state, effects] = followed(before, message)
  return lookingUp([helpHeld(state), effects])
}

function followed(before: State, message: Message): Step {
  const state = before.now === message.at ? before : { ...before, now: message.at }
  switch (message.type) {
    case 'tick':
      return stillLooking(lookedAgain(state))
    case 'resize': {
      const next = { ...state, size: message.size }
      return next.picture === null ? only(next) : looking(next, next.picture)
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
      return only(wheeled(state, message.target, message.lines))
    case 'looked-up':
      return only(lookedUp(state, message.id, message.lookup, message.result))
    case 'performed': {
      const words = wordsOf(state)
      const { did } = words
      const { result } = message
      const text = result.ok ? doneText(words, result) : did.failed(result.message)
      const refused = result.ok && result.delivery !== undefined && result.delivery.status !== 'delivered'
      if (message.activityId === null) return only(noted(state, '', text, 'bad'))
      const told = concluded(state, message.activityId, text, result.ok && !refused ? 'good' : 'bad')
      // What was done may show there.
      const read = {
        ...told,
        database: { ...told.database, stale: true },
        settings: { ...told.settings, stale: true },
      }
      return only(formAnswered(read, message.activityId, result))
    }
    case 'unanswered':
      return only(concluded(state, message.activityId, wordsOf(state).did.unanswered, 'bad'))
    case 'quit-refused': {
      if (state.quitting !== message.mode) return only(state)
      const text = wordsOf(state).did.failed(message.message)
      return only({ ...noted(state, 'q', text, 'bad'), quitting: null })
    }
  }
}

/** What came of a command that was carried out. */
function doneText({ did, notify }: Catalogue, { path, jobId, rows, delivery, priorities }: Done): string {
  if (delivery !== undefined) return deliveryText(delivery, notify)
  if (priorities !== undefined) return did.priority(Math.min(...priorities), Math.max(...priorities))
  if (path !== undefined && rows !== undefined) return did.rowsSaved(rows, path)
  if (path !== undefined) return did.savedIn(path)
  return jobId === undefined ? did.done : did.jobQueued(jobId)
}

/** How a message went, and where it was refused what to do. */
function deliveryText(delivery: Delivery, notify: Catalogue['notify']): string {
  const said = notify.result[delivery.status]
  if (delivery.status === 'delivered') return said
  const why = `${said}: ${deliveryWords(delivery.why, notify)}`
  return delivery.status === 'later' ? why : `${why}. ${notify.remedy[delivery.refusal]}`
}

function withSnapshot(state: State, snapshot: Snapshot): State {
  const selected = reselected(state, snapshot)
  const { opened: known } = state
  const refusedBefore = state.activity.at(-1)?.tone === 'bad' && isConnecting(state.snapshot)
  const opened = snapshot.workers.find(({ workerId }) => workerId === known?.workerId) ?? known
  const marked = remarked(state, snapshot)
  const next = overlaysFollowed({
    ...{ ...state, snapshot, selected, marked, opened },
    samples: sampled(state.samples, snapshot),
    batch: batchFollowed(state.batch, snapshot.counts),
  })
  if (refusedBefore && !isConnecting(snapshot)) return noted(next, '', wordsOf(state).did.connected, 'good')
  return next
}

/** What lies over the screens follows what it is about. */
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
    return only(noted(state, '', words.refused.unknownKey(keyName(key, words)), 'bad'))
  }
  const refusal = refusalOf(state, id)
  return refusal === null ? BINDINGS[id].run(state, key) : only(noted(state, key, refusal, 'bad'))
}

function clicked(state: State, target: Target): Step {
  if (state.overlay !== null && state.dialog === null) {
    return target.type === 'option' ? overlayClicked(state, state.overlay, target.index) : only(state)
  }
  switch (target.type) {
    case 'option':
      return state.dialog === null ? only(state) : answerPressed(state, state.dialog, target.index, 'm')
    case 'key':
      return pressed(state, target.key)
    case 'picture': {
      if (state.dialog !== null) return only(state)
      const aimed = pointed(state, target.column, target.row)
      const refusal = refusalOf(aimed, 'pictureClick')
      return refusal === null ? clickedPage(aimed, '') : only(noted(aimed, '', refusal, 'bad'))
    }
    case 'pane':
      return state.dialog === null ? only(focusedOn(state, target)) : only(state)
    case 'row': {
      if (state.dialog !== null) return only(state)
      const again = state.selected[target.pane] === target.id && focusedPane(state) === target.pane
      const next = selectedIn(focusedOn(state, target), target.pane, target.id)
      return again && actionFor(next, 'enter') !== undefined ? pressed(next, 'enter') : only(next)
    }
  }
}

function focusedOn(state: State, { pane }: Extract<Target, { type: 'pane' | 'row' }>): State {
  return { ...state, focus: { ...state.focus, [state.screen]: pane } }
}

function wheeled(state: State, target: Target | null, lines: number): State {
  if (state.dialog !== null || state.overlay !== null) return state
  if (state.help.open) return helpMoved(state, lines)
  return target?.type === 'row' || target?.type === 'pane' ? moved(state, target.pane, lines) : state
}

/** A key while the operator types into a page: it goes there or nowhere, and does nothing here. */
function typed(state: State, key: string): Step {
  if (key === 'escape' || key === 'C-c') return only(typingEnded(state, key))
  const worker = watchedWorker(state)
  const place = typedPlace(state)
  const command =
    worker === undefined || place === undefined ? undefined : typedCommand(worker.workerId, place, key)
  return command === undefined ? only(state) : [state, [{ type: 'perform', command, activityId: null }]]
}

function typingEnded(state: State, key: string): State {
  if (state.picture === null) return state
  return noted({ ...state, picture: { ...state.picture, typing: null } }, key, wordsOf(state).did.typingEnded)
}

function pasted(state: State, text: string): Step {
  if (state.overlay !== null && state.dialog === null) return overlayPasted(state, state.overlay, text)
  if (state.prompt !== null && state.dialog === null) return promptPasted(state, state.prompt, text)
  const worker = watchedWorker(state)
  if (!isTyping(state) || worker === undefined || state.dialog !== null) {
    return only(noted(state, '', wordsOf(state).refused.paste, 'bad'))
  }
  const place = typedPlace(state)
  if (place === undefined) return only(state)
  const command = { type: 'worker.text', workerId: worker.workerId, ...place, text } as const
  return [state, [{ type: 'perform', command, activityId: null }]]
}

/** What the operator is to hear of, who may look elsewhere. */
function sounds(state: State, after: Snapshot): readonly Effect[] {
  const words = wordsOf(state)
  const newest = state.snapshot === null ? Infinity : (state.snapshot.notices.at(-1)?.id ?? 0)
  const told = after.notices.filter(({ id }) => id > newest)
  return [
    ...(rings(state, after) ? [{ type: 'bell' } as const] : []),
    ...told.map(({ notice }) => ({ type: 'notify', text: noticeLine(notice, words) }) as const),
  ]
}

/** Whether somebody is called who was not called before. */
function rings({ snapshot: before }: State, after: Snapshot): boolean {
  const calls = ({ workers }: Snapshot) =>
    workers.flatMap(({ workerId, waiting }) =>
      waiting?.for === 'person' ? [`${workerId} ${waiting.id}`] : [],
    )
  const known = new Set(before === null ? [] : calls(before))
  return calls(after).some(call => !known.has(call))
}

/** State of the action that a key began, shown in the same line. */
function concluded(state: State, id: number, text: string, tone: 'good' | 'bad'): State {
  return {
    ...state,
    activity: state.activity.map(entry =>
      entry.id === id ? { ...entry, text: `${entry.text} → ${text}`, tone, at: state.now } : entry,
    ),
  }
}
