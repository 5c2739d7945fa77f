import type { Run } from '../../lib/control/run.ts'
import type { JobState } from '../../lib/domain/job.ts'

/** How the workers of a simulated job end together, drawn by chance: mostly as usual. */
export function drawSwarm(random: () => number, now: number): Pick<Run, 'quorum' | 'deadlineAt'> {
  return {
    quorum: 1 + Math.floor(random() * random() * 4),
    deadlineAt: random() < 0.2 ? now + Math.floor(random() * 60_000) : null,
  }
}

/** What has to hold of the end of an attempt whatever happened, counted the plain way. */
export function checkEnd({ job, members, best, quorum }: Run, state: JobState): void {
  const outcomes = members.flatMap(({ outcome }) => outcome ?? [])
  const well = outcomes.filter(({ status }) => status === 'succeeded').length
  const late = outcomes.some(outcome => outcome.status === 'cancelled' && outcome.reason === 'deadline')
  const enough = well >= Math.min(quorum, members.length)
  if (state === 'succeeded' && !enough && !late && best?.targetMet !== true) {
    throw new Error(`job ${job.id} succeeds with ${well} of ${members.length} workers, not ${quorum}`)
  }
  if (state === 'failed' && well > 0 && late) throw new Error(`job ${job.id} fails though one was in time`)
}
