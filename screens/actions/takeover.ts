import type { WorkerDocument } from '../../lib/model/worker/documents.ts'
import { isForPerson } from '../../lib/model/worker/worker-wait.ts'
import type { WorkerWait } from '../../lib/model/worker/worker-wait.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { answerForm, isQuestion } from '../forms/answer-form.ts'
import type { Question } from '../forms/answer-form.ts'
import type { ActionId, Binding } from '../binding.ts'
import { dispatchCommand, logActivity, noEffects, wordsOf } from '../binding.ts'
import { looking, pointed, pointedPlace, shownPicture, watchedWorker } from '../overlays/picture.ts'
import { selectedWorker } from '../selection.ts'
import { focusedPane } from '../state.ts'
import type { State, Step } from '../state.ts'
import { unavailableReason } from './operate.ts'
import { shown } from './screens.ts'

/**
 * Returns the worker that the keys of a takeover act on: the opened worker, or the selected worker.
 */
export function takenWorker(state: State): WorkerDocument | undefined {
  if (state.help.open) return undefined
  if (state.screen === 'worker') return state.opened ?? undefined
  return focusedPane(state) === 'workers' ? selectedWorker(state) : undefined
}

/** Returns the worker with its wait, if it waits for a person. */
function waitingWorker(
  state: State,
): { readonly worker: WorkerDocument; readonly waiting: WorkerWait } | undefined {
  const worker = takenWorker(state)
  const waiting = worker?.waiting
  if (worker === undefined || worker.state === 'exited') return undefined
  return waiting === undefined || !isForPerson(waiting) ? undefined : { worker, waiting }
}

/** Returns the id of a worker's job. A worker without a job has been refused before. */
const jobOf = ({ job }: WorkerDocument): number => job?.jobId ?? 0

export const onWorkers = (state: State): boolean =>
  !state.help.open && (state.screen === 'worker' || focusedPane(state) === 'workers')

/** True if the worker holds a browser open after a failure. */
const isKept = (state: State) => takenWorker(state)?.state === 'kept'

const onPicture = (state: State) => watchedWorker(state) !== undefined

function liveRefusal(state: State, words: Catalogue): string | null {
  const worker = takenWorker(state)
  if (worker === undefined) return words.unavailable.noWorker
  if (worker.state === 'exited') return words.unavailable.workerEnded
  return worker.job === null ? words.unavailable.workerIdle : null
}

/** Returns why an action that needs a worker with a job is not possible; null if it is possible. */
export function workRefusal(state: State, words: Catalogue): string | null {
  return liveRefusal(state, words) ?? (isKept(state) ? words.unavailable.workerKept : null)
}

function actRefusal(state: State, words: Catalogue): string | null {
  return (
    unavailableReason(state, words) ??
    workRefusal(state, words) ??
    (waitingWorker(state) === undefined ? words.unavailable.notWaiting : null)
  )
}

const inputRefusal = (state: State, words: Catalogue): string | null =>
  actRefusal(state, words) ?? (pointedPlace(state) === null ? words.unavailable.noPicture : null)

/**
 * Returns the worker with its question, if the question has fields to fill in. The key "done"
 * cannot answer such a question.
 */
function askingWorker(
  state: State,
): { readonly worker: WorkerDocument; readonly waiting: Question } | undefined {
  const target = waitingWorker(state)
  if (target === undefined || !isQuestion(target.waiting)) return undefined
  return { worker: target.worker, waiting: target.waiting }
}

function answer(state: State, key: string, how: 'resume' | 'skip'): Step {
  const target = waitingWorker(state)
  if (target === undefined) return noEffects(state)
  const { workerId } = target.worker
  const jobId = jobOf(target.worker)
  const { activity } = wordsOf(state)
  const said = how === 'resume' ? activity.workerResume(jobId) : activity.workerSkip(jobId)
  const waitingId = target.waiting.id
  return dispatchCommand(
    state,
    key,
    { type: 'worker.answer', workerId, waitingId, answer: how, reason: '' },
    said,
  )
}

/** Clicks on the page at the cursor. */
export function clickedPage(state: State, key: string): Step {
  const target = waitingWorker(state)
  const place = pointedPlace(state)
  if (target === undefined || place === null) return noEffects(state)
  const { worker, waiting } = target
  const { workerId } = worker
  const jobId = jobOf(worker)
  return dispatchCommand(
    state,
    key,
    { type: 'worker.click', workerId, waitingId: waiting.id, ...place },
    wordsOf(state).activity.pageClick(jobId),
  )
}

const PAGE_OF_CURSOR = 5

const MOVES: ReadonlyMap<string, readonly [columns: number, rows: number]> = new Map([
  ['up', [0, -1]],
  ['down', [0, 1]],
  ['left', [-1, 0]],
  ['right', [1, 0]],
  ['pageup', [0, -PAGE_OF_CURSOR]],
  ['pagedown', [0, PAGE_OF_CURSOR]],
  ['home', [-PAGE_OF_CURSOR * 2, 0]],
  ['end', [PAGE_OF_CURSOR * 2, 0]],
])

export const TAKEOVER = {
  pictureMove: {
    keys: [...MOVES.keys()],
    group: 'move',
    footer: 0,
    applies: onPicture,
    run: (state, key) => {
      const [columns, rows] = MOVES.get(key) ?? [0, 0]
      const { column = 0, row = 0 } = state.picture ?? {}
      return noEffects(pointed(state, column + columns, row + rows))
    },
  },
  pictureClick: {
    keys: ['enter'],
    group: 'act',
    footer: 2,
    applies: onPicture,
    refusal: inputRefusal,
    run: clickedPage,
  },
  pictureType: {
    keys: ['i'],
    group: 'act',
    footer: 3,
    applies: onPicture,
    refusal: inputRefusal,
    run: (state, key) => {
      const page = shownPicture(state)?.page.id
      const waiting = waitingWorker(state)?.waiting
      if (state.picture === null || page === undefined || waiting === undefined) return noEffects(state)
      const { id, since } = waiting
      const typing = { page, waiting: { id, since }, over: null }
      return noEffects(
        logActivity({ ...state, picture: { ...state.picture, typing } }, key, wordsOf(state).activity.typing),
      )
    },
  },
  pictureClose: {
    keys: ['v', 'escape'],
    group: 'view',
    footer: 3,
    applies: onPicture,
    run: state => noEffects({ ...state, picture: null }),
  },
  picture: {
    keys: ['v'],
    group: 'view',
    footer: 37,
    applies: onWorkers,
    refusal: liveRefusal,
    run: (state, key) => {
      const opened = takenWorker(state) ?? null
      const screen = shown({ ...state, opened }, 'worker', key, state.screen)
      return looking(screen, { column: 0, row: 0, typing: null, askedAt: state.now })
    },
  },
  workerResume: {
    keys: ['p'],
    group: 'act',
    footer: 1,
    applies: state => waitingWorker(state) !== undefined && askingWorker(state) === undefined,
    refusal: unavailableReason,
    run: (state, key) => answer(state, key, 'resume'),
  },
  workerTell: {
    keys: ['p'],
    group: 'act',
    footer: 1,
    applies: state => askingWorker(state) !== undefined,
    refusal: unavailableReason,
    run: state => {
      const target = askingWorker(state)
      return noEffects(target === undefined ? state : answerForm(state, target.worker, target.waiting))
    },
  },
  workerPause: {
    keys: ['p'],
    group: 'act',
    footer: 36,
    applies: onWorkers,
    refusal: (state, words) => unavailableReason(state, words) ?? workRefusal(state, words),
    run: (state, key) => {
      const worker = takenWorker(state)
      if (worker === undefined) return noEffects(state)
      const { workerId } = worker
      const jobId = jobOf(worker)
      return dispatchCommand(
        state,
        key,
        { type: 'worker.pause', workerId },
        wordsOf(state).activity.workerPause(jobId),
      )
    },
  },
  workerSkip: {
    keys: ['S'],
    group: 'act',
    footer: 4,
    applies: state => waitingWorker(state) !== undefined,
    refusal: (state, words) =>
      unavailableReason(state, words) ??
      (waitingWorker(state)?.waiting.for === 'operator' ? words.unavailable.nothingToSkip : null) ??
      (askingWorker(state) === undefined ? null : words.unavailable.tell),
    run: (state, key) => answer(state, key, 'skip'),
  },
  workerFail: {
    keys: ['F'],
    group: 'act',
    footer: 4,
    applies: state => waitingWorker(state) !== undefined,
    refusal: unavailableReason,
    run: state => {
      const target = waitingWorker(state)
      if (target === undefined) return noEffects(state)
      const { workerId } = target.worker
      const jobId = jobOf(target.worker)
      const waitingId = target.waiting.id
      return noEffects({ ...state, dialog: { type: 'fail', workerId, jobId, waitingId, choice: 0 } })
    },
  },
  keptClose: {
    keys: ['x'],
    group: 'act',
    footer: 1,
    applies: isKept,
    refusal: unavailableReason,
    run: (state, key) => {
      const worker = takenWorker(state)
      if (worker === undefined) return noEffects(state)
      const { workerId } = worker
      return dispatchCommand(
        state,
        key,
        { type: 'worker.close', workerId },
        wordsOf(state).activity.keptClose(jobOf(worker)),
      )
    },
  },
} satisfies Partial<Record<ActionId, Binding>>
