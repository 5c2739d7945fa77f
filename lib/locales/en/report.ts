/** Texts of the report of one job. */
export const reportWords = {
  /** Texts of the report of one job: `automate-tui report`. */
  report: {
    title: (id: number, workflow: string) => `Job ${id} (${workflow})`,
    facts: {
      state: 'state',
      attempts: 'attempts',
      queued: 'queued',
      started: 'last started',
      ended: 'ended',
      result: 'result',
      error: 'error',
      late: 'late reports',
    },
    late: (count: number) => `${count}, counted and not applied`,
    attemptsOf: (attempt: number, used: number, retries: number | null) =>
      retries === null
        ? `${attempt}, retries as set by its workflow, once it can be loaded`
        : `${attempt}, retries used ${used} of ${retries}`,
    worker: (attempt: number, member: number, members: number) =>
      `Attempt ${attempt}, worker ${member} of ${members}`,
    columns: { phase: 'phase', status: 'status', took: 'took', when: 'when', error: 'error' },
    stepsLeftOut: (count: number) => `… earlier steps left out: ${count}`,
    noPhases: 'No phase has ended.',
    nothingYet: 'No worker of this job has ended yet.',
    retry: {
      now: 'Retried at once',
      backoff: 'Retried after a pause',
      'other-proxy': 'Retried with another proxy',
      'other-session': 'Retried with a new login',
      never: 'Not retried',
    },
    stack: 'Where it was thrown',
    crash: (id: number) => `Crash report ${id}`,
    written: (when: string) => `Written by automate-tui, ${when}.`,
    isIn: (file: string) => `The report is in ${file}`,
  },
}
