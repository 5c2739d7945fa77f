import type { WorkerDocument } from '../../lib/model/worker/documents.ts'
import type { WorkerWait } from '../../lib/model/worker/worker-wait.ts'
import { logActivity, wordsOf } from '../binding.ts'
import { formFields } from './form-field.ts'
import { formOpened } from './form.ts'
import { lineOf } from '../line.ts'
import type { State } from '../state.ts'

/** Wait of a worker that asks a person to fill in fields. */
export type Question = WorkerWait & Required<Pick<WorkerWait, 'fields'>>

/**
 * True if a wait asks a person to fill in fields, and not only to confirm that something is done.
 */
export const isQuestion = (waiting: WorkerWait): waiting is Question => waiting.fields !== undefined

/** Opens the form for a worker's question. */
export function answerForm(state: State, { workerId, job }: WorkerDocument, waiting: Question): State {
  const { id: waitingId, what, fields: inputSchema } = waiting
  const purpose = { type: 'answer', workerId, jobId: job?.jobId ?? 0, waitingId, what, inputSchema } as const
  return formOpened(state, purpose, formFields(inputSchema))
}

/**
 * Returns the state in which the open answer form takes no more input once the worker's wait has
 * ended, because another person has replied or the wait has timed out. The form stays open: if it
 * closed, the rest of what the person types would be taken as commands.
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
