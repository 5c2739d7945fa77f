import type { WorkerDocument } from '../../lib/model/worker/documents.ts'
import type { WorkerWait } from '../../lib/model/worker/worker-wait.ts'
import { logActivity, wordsOf } from '../binding.ts'
import { formFields } from './form-field.ts'
import { formOpened } from './form.ts'
import { lineOf } from '../line.ts'
import type { State } from '../state.ts'

/** The wait of a worker that asks a person to tell something. */
export type Question = WorkerWait & Required<Pick<WorkerWait, 'fields'>>

/** Whether a wait asks for more than to be told that somebody is done. */
export const isQuestion = (waiting: WorkerWait): waiting is Question => waiting.fields !== undefined

/** Opens the form of what a worker asks for. */
export function answerForm(state: State, { workerId, job }: WorkerDocument, waiting: Question): State {
  const { id: waitingId, what, fields: inputSchema } = waiting
  const purpose = { type: 'answer', workerId, jobId: job?.jobId ?? 0, waitingId, what, inputSchema } as const
  return formOpened(state, purpose, formFields(inputSchema))
}

/**
 * Returns the state in which the form of a wait that is over takes nothing more: somebody else has answered, or nobody
 * did in time. It stays open, because the rest of what the person types would be commands without it.
 */
export function answerFollowed(state: State): State {
  const { overlay } = state
  if (overlay?.type !== 'form' || overlay.purpose.type !== 'answer' || overlay.asked !== null || overlay.over)
    return state
  const { workerId, waitingId, jobId } = overlay.purpose
  const worker = state.snapshot?.workers.find(one => one.workerId === workerId)
  if (worker?.waiting?.id === waitingId) return state
  const answer = wordsOf(state).unavailable.answeredElsewhere(jobId)
  const [lines, problems] = [overlay.fields.map(() => lineOf('')), overlay.fields.map(() => null)]
  const form = { ...overlay, lines, problems, answer, over: true }
  return logActivity({ ...state, overlay: form }, '', answer, 'bad')
}
