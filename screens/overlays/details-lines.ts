import { wordsOf } from '../binding.ts'
import type { RecordEntry, DetailsView } from './overlay-state.ts'
import { workerOfJob } from '../selection.ts'
import type { Size, State } from '../state.ts'
import { BOX_BORDERS, BOX_SIDES } from '../view/drawing/box.ts'
import { wrap } from '../view/drawing/text.ts'

/** Maximum width of a record's box, in cells. */
export const RECORD_WIDEST = 100

/** One line of a record: the name of a part, its text, or both. */
export interface RecordLine {
  readonly name: string
  readonly text: string
}

/** Returns the width of a record's lines in cells. */
export const recordWidth = ({ columns }: Size): number =>
  Math.max(1, Math.min(RECORD_WIDEST, columns) - BOX_SIDES)

/**
 * Returns the lines of a record. A text is next to its name if both fit into a line, and else below
 * its name.
 */
export const recordLines = (entries: readonly RecordEntry[], width: number): readonly RecordLine[] =>
  entries.flatMap(entry => entryLines(entry, width))

/**
 * Returns the hints about the keys, for the lines below a record. At the end of the record (`more`
 * is false) fewer keys apply.
 */
export function recordHints(state: State, { job }: DetailsView, more: boolean): readonly string[] {
  const { dialog } = wordsOf(state)
  const worker = job !== undefined && workerOfJob(state, job.id) !== undefined
  const hints = [
    ...(more ? [dialog.recordMore] : []),
    ...(worker ? [dialog.jobWorker] : []),
    ...((job?.result ?? null) === null ? [] : [dialog.jobCopy]),
    dialog.recordHint,
  ]
  return wrap(hints.join(' '), recordWidth(state.size))
}

/**
 * Returns the maximum scroll offset of a record, in lines, if the box has `below` lines of hints
 * under the record.
 */
export function lastOffset(entries: readonly RecordEntry[], size: Size, below: number): number {
  return Math.max(0, recordLines(entries, recordWidth(size)).length - recordRoom(size, below))
}

/**
 * Returns how many lines of a record are visible at once, if the box has `below` lines of hints.
 */
export const recordRoom = ({ rows }: Size, below: number): number => Math.max(1, rows - BOX_BORDERS - below)

function entryLines({ name, text }: RecordEntry, width: number): RecordLine[] {
  const lines = text.split('\n')
  const [only = '', ...more] = lines
  if (more.length === 0 && name.length + only.length + 2 <= width) return [{ name, text: `  ${only}` }]
  const inner = Math.max(1, width - 2)
  return [
    { name, text: '' },
    ...lines.flatMap(line => wrapped(line, inner)).map(line => ({ name: '', text: `  ${line}` })),
  ]
}

/** Breaks a line between words and preserves its indentation, which shows the nesting. */
function wrapped(line: string, width: number): string[] {
  const indent = /^ */.exec(line)?.[0].slice(0, Math.floor(width / 2)) ?? ''
  const lines = wrap(line, Math.max(1, width - indent.length))
  return lines.length === 0 ? [''] : lines.map(each => `${indent}${each}`)
}
