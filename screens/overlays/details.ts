import { workerShown } from '../actions/screens.ts'
import { logActivity, noEffects, wordsOf } from '../binding.ts'
import { copyText, whyNotCopy } from '../actions/clipboard.ts'
import type { JobRecord, DetailsView } from './overlay-state.ts'
import { lastOffset, recordHints } from './details-lines.ts'
import { workerOfJob } from '../selection.ts'
import type { State, Step } from '../state.ts'

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
  ['G', Infinity],
  ['end', Infinity],
])

const LEAVING = new Set(['escape', 'C-c', 'enter', 'q'])

/**
 * Processes a key while a record is open: scrolls or closes the record. If the record is a job,
 * other keys open the job's worker or copy its result.
 */
export function recordPressed(state: State, record: DetailsView, key: string): Step {
  const { job } = record
  const worker = job === undefined ? undefined : workerOfJob(state, job.id)
  if (key === 'enter' && worker !== undefined)
    return noEffects(workerShown({ ...state, overlay: null }, worker, key))
  if (key === 'y' && job !== undefined) return resultCopied(state, record, job, key)
  if (LEAVING.has(key)) return noEffects({ ...state, overlay: null })
  const by = STEPS.get(key)
  if (by === undefined) return noEffects(state)
  const below = recordHints(state, record, false).length
  const last = lastOffset(record.entries, state.size, below)
  const offset = Math.max(0, Math.min(record.offset + by, last))
  return noEffects({ ...state, overlay: { ...record, offset } })
}

/**
 * Copies the result of a job. The box shows the outcome itself, because it may cover the activity
 * line.
 */
function resultCopied(state: State, record: DetailsView, job: JobRecord, key: string): Step {
  const words = wordsOf(state)
  const { resultCopied: said, resultFile: inFile } = words.activity
  const why = job.result === null ? words.unavailable.noResult : whyNotCopy(state, words)
  const [next, effects] =
    why === null
      ? copyText(state, key, { name: 'result', text: job.result ?? '', said, inFile })
      : noEffects(logActivity(state, key, why, 'bad'))
  const told = next.activity.at(-1)?.id ?? null
  return [{ ...next, overlay: { ...record, job: { ...job, told } } }, effects]
}
