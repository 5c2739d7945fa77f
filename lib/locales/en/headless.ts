import { pluralFor } from '../plural.ts'

const plural = pluralFor('en-GB')
const workers = plural({ one: '# worker', other: '# workers' })

/** Lines that a scheduler without screens prints. */
export const headlessWords = {
  headless: {
    notice: 'notice',
    scheduler: 'scheduler',
    workflow: 'workflow',
    service: 'service',
    job: (id: number) => `job ${id}`,
    member: (id: number, member: number, members: number) => `job ${id} · ${member}/${members}`,
    schedulerIs: (phase: string, slots: number) => `${phase}, at most ${workers(slots)}`,
    schedulerPaused: (paused: string) =>
      `${paused}: queued jobs wait. Resume it with: automate-tui services start scheduler`,
    drains: (jobs: string, until: string) => `${jobs}, until ${until} at the latest`,
    cannotBeUsed: (why: string) => `cannot be used: ${why}`,
    attempt: (attempt: number) => `(attempt ${attempt})`,
    crash: (id: number, phase: string, why: string) => `crash ${id} in ${phase}: ${why}`,
    priority: (priority: number) => `priority ${priority}`,
    result: (value: string) => `result: ${value}`,
    schedule: 'schedule',
    domain: 'domain',
    moreAskToWait: plural({ one: '# more asks to wait', other: '# more ask to wait' }),
    asksToWait: (domain: string, seconds: number, status: number) =>
      `${domain} asks to wait ${seconds} s (${status})`,
    nothingToDo:
      'nothing is queued, running or due. "automate-tui enqueue <workflow>" queues a job, "automate-tui run <workflow>" runs one now.',
    someLeft: (ended: number, left: number) =>
      `nothing more can be done: jobs ended: ${ended}, jobs left: ${left}`,
    allDone: plural({
      one: 'nothing more to do: # job has ended',
      other: 'nothing more to do: # jobs have ended',
    }),
  },
}
