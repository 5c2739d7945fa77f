import type { AttemptView } from '../../lib/control/decide/attempt-view.ts'
import type { JobState } from '../../lib/model/job/job.ts'

/**
 * Returns a random quorum and deadline for the workers of a simulated job, mostly the usual ones.
 */
export function drawSwarm(
  random: () => number,
  monotonic: number,
): Pick<AttemptView, 'quorum' | 'deadlineAt' | 'deadlineMs'> {
  const deadlineMs = random() < 0.2 ? Math.floor(random() * 60_000) : null
  return {
    quorum: 1 + Math.floor(random() * random() * 4),
    deadlineMs,
    deadlineAt: deadlineMs === null ? null : monotonic + deadlineMs,
  }
}

/** Checks the rules for the end of an attempt with a plain count. */
export function checkEnd(
  { job, members, best, quorum, cancelRequested }: AttemptView,
  state: JobState,
): void {
  const outcomes = members.flatMap(({ outcome }) => outcome ?? [])
  const well = outcomes.filter(({ status }) => status === 'succeeded').length
  const late = outcomes.some(outcome => outcome.status === 'cancelled' && outcome.reason === 'deadline')
  const enough = well >= Math.min(quorum, members.length)
  if (best?.targetMet === true) {
    if (state !== 'succeeded') throw new Error(`job ${job.id} met its target and is ${state}`)
    return
  }
  if (cancelRequested && state !== 'cancelled')
    throw new Error(`job ${job.id} is to be cancelled and is ${state}`)
  const failed = outcomes.filter(outcome => 'error' in outcome).length
  const givenUp = state === 'failed' || state === 'retrying'
  if (givenUp && !late && members.length - failed >= Math.min(quorum, members.length))
    throw new Error(`job ${job.id} is ${state} with ${failed} of ${members.length} workers failed`)
  if (givenUp && late && best !== null)
    throw new Error(`job ${job.id} is ${state} though it has a result in time`)
  if (state === 'succeeded' && !enough && !late) {
    throw new Error(`job ${job.id} succeeds with ${well} of ${members.length} workers, not ${quorum}`)
  }
  if (givenUp && well > 0 && late) throw new Error(`job ${job.id} is ${state} though one was in time`)
}
