import type { RecordView } from './overlay-state.ts'
import type { State } from './state.ts'

const PAGE = 8

const STEPS = new Map([
  ['down', 1],
  ['j', 1],
  ['up', -1],
  ['k', -1],
  ['pagedown', PAGE],
  ['space', PAGE],
  ['pageup', -PAGE],
  ['g', -Infinity],
  ['home', -Infinity],
])

/** No line is shorter than this where a value goes on below. */
const SHORT_LINE = 16

/** More lines than the view makes of it, which shows the last ones for any offset beyond them: this keeps the way back short. */
const mostLines = ({ entries }: RecordView): number =>
  entries.reduce(
    (sum, { text }) => sum + 1 + text.split('\n').length + Math.ceil(text.length / SHORT_LINE),
    0,
  )

const LEAVING = new Set(['escape', 'C-c', 'enter', 'q'])

/** A key while a row is read: it scrolls or leaves. */
export function recordPressed(state: State, record: RecordView, key: string): State {
  if (LEAVING.has(key)) return { ...state, overlay: null }
  const by = STEPS.get(key)
  if (by === undefined) return state
  const offset = Math.max(0, Math.min(record.offset + by, mostLines(record)))
  return { ...state, overlay: { ...record, offset } }
}
