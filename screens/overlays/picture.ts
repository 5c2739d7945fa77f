import type { WorkerDocument } from '../../lib/model/worker/documents.ts'
import type { PageKey } from '../../lib/model/worker/worker-command.ts'
import { pictureRoom } from '../layout.ts'
import type { InputPlace, Picture } from '../../lib/app/port/snapshot.ts'
import type { Effect, PictureView, State, Typing, TypingOver } from '../state.ts'

/**
 * Interval at which the request for pictures is renewed. The request expires otherwise (see the
 * port).
 */
const ASK_AGAIN_MS = 4_000

/** Returns the worker with the page that is visible; undefined if no page is visible. */
export function watchedWorker({ picture, screen, opened, help }: State): WorkerDocument | undefined {
  return picture !== null && screen === 'worker' && !help.open && opened !== null ? opened : undefined
}

/** True while the operator types into the page, because then no key is a command. */
export const isTyping = (state: State): boolean =>
  (state.picture?.typing ?? null) !== null && watchedWorker(state) !== undefined

/**
 * Returns the place that the operator's keys go to; undefined if the operator does not type, if
 * another page is in front by now, or if the wait of the page's worker has ended.
 */
export function typedPlace(state: State): InputPlace | undefined {
  const typing = state.picture?.typing ?? null
  if (typing === null || typing.over !== null) return undefined
  const shown = shownPicture(state)?.page.id
  if (shown !== undefined && shown !== typing.page) return undefined
  return { waitingId: typing.waiting.id, page: typing.page }
}

/**
 * Returns the state in which keys are ignored once the worker's wait, during which the operator
 * types, has ended. Typing itself does not end, because a page can end the wait in the middle of a
 * password, and the remaining keys of the password would be commands.
 */
export function typingFollowed(state: State): State {
  const { picture } = state
  const typing = picture?.typing ?? null
  if (picture === null || typing === null || typing.over !== null) return state
  const over = whyOver(state, typing)
  return over === null ? state : { ...state, picture: { ...picture, typing: { ...typing, over } } }
}

function whyOver({ snapshot, opened }: State, { waiting: { id, since } }: Typing): TypingOver | null {
  const isConnected = snapshot?.connection === 'scheduling' || snapshot?.connection === 'attached'
  const worker = snapshot?.workers.find(({ workerId }) => workerId === opened?.workerId)
  if (!isConnected || worker === undefined || worker.state === 'exited') return 'takesNone'
  const { waiting, state } = worker
  if (waiting === undefined) return state === 'kept' ? 'takesNone' : 'goesOn'
  return waiting.id === id && waiting.since === since ? null : 'takesNone'
}

/** Returns the picture of the visible page; undefined until the first picture. */
export function shownPicture(state: State): Picture | undefined {
  const worker = watchedWorker(state)
  return state.snapshot?.pictures.find(({ workerId }) => workerId === worker?.workerId)
}

/** Returns the size of a picture in cells. A cell shows two pixels, one above the other. */
export const cellsOfPicture = ({ width, height }: Picture) => ({
  columns: width,
  rows: Math.ceil(height / 2),
})

/** Returns the state with the cursor moved, within the bounds of the picture. */
export function pointed(state: State, column: number, row: number): State {
  const picture = shownPicture(state)
  if (state.picture === null || picture === undefined) return state
  const { columns, rows } = cellsOfPicture(picture)
  const within = (value: number, count: number) => Math.max(0, Math.min(value, count - 1))
  return {
    ...state,
    picture: { ...state.picture, column: within(column, columns), row: within(row, rows) },
  }
}

/**
 * Returns the position of the cursor on the page, as fractions of the picture's width and height,
 * and the page's id; null without a picture.
 */
export function pointedPlace(
  state: State,
): { readonly x: number; readonly y: number; readonly page: string } | null {
  const picture = shownPicture(state)
  if (picture === undefined || state.picture === null) return null
  return {
    x: Math.min(1, (state.picture.column + 0.5) / picture.width),
    y: Math.min(1, (state.picture.row * 2 + 1) / picture.height),
    page: picture.page.id,
  }
}

/**
 * Requests pictures from the worker, in a size that fits the screen. No activity line is logged for
 * the request.
 */
export function looking(state: State, view: PictureView): readonly [State, readonly Effect[]] {
  const next = { ...state, picture: { ...view, askedAt: state.now } }
  const worker = watchedWorker(next)
  if (worker === undefined || worker.state === 'exited') return [next, []]
  const command = { type: 'worker.look', workerId: worker.workerId, ...pictureRoom(next) } as const
  return [next, [{ type: 'perform', command, activityId: null }]]
}

/** Renews the request for pictures while the page is visible. */
export function stillLooking(state: State): readonly [State, readonly Effect[]] {
  const { picture } = state
  if (picture === null || watchedWorker(state) === undefined) return [state, []]
  return state.now - picture.askedAt < ASK_AGAIN_MS ? [state, []] : looking(state, picture)
}

const PAGE_KEY: ReadonlyMap<string, PageKey> = new Map([
  ['enter', 'Enter'],
  ['tab', 'Tab'],
  ['backspace', 'Backspace'],
  ['delete', 'Delete'],
  ['up', 'ArrowUp'],
  ['down', 'ArrowDown'],
  ['left', 'ArrowLeft'],
  ['right', 'ArrowRight'],
  ['home', 'Home'],
  ['end', 'End'],
  ['pageup', 'PageUp'],
  ['pagedown', 'PageDown'],
])

/**
 * Returns the command for a key that the operator types into the page; undefined for a key without
 * a meaning in a page.
 */
export function typedCommand(
  workerId: string,
  place: InputPlace,
  key: string,
): Extract<Effect, { type: 'perform' }>['command'] | undefined {
  const named = PAGE_KEY.get(key)
  if (named !== undefined) return { type: 'worker.key', workerId, ...place, key: named }
  const text = key === 'space' ? ' ' : key
  return /^.$/su.test(text) ? { type: 'worker.text', workerId, ...place, text } : undefined
}
