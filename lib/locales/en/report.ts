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
        ? `${attempt}, retries as its workflow says once it can be loaded`
        : `${attempt}, retries used ${used} of ${retries}`,
    worker: (attempt: number, member: number, members: number) =>
      `Attempt ${attempt}, worker ${member} of ${members}`,
    columns: { phase: 'phase', status: 'status', took: 'took', when: 'when', error: 'error' },
    stepsLeftOut: (count: number) => `… earlier steps left out: ${count}`,
    noPhases: 'No phase has ended.',
    nothingYet: 'No worker of this job has ended yet.',
    retry: {
      now: 'Answered by another attempt at once',
      backoff: 'Answered by another attempt after a pause',
      'other-proxy': 'Answered by another attempt with another proxy',
      'other-session': 'Answered by another attempt with a fresh login',
      never: 'Not to be tried again',
    },
    stack: 'Where it was thrown',
    crash: (id: number) => `Crash report ${id}`,
    written: (when: string) => `Written by automate-tui, ${when}.`,
    isIn: (file: string) => `The report is in ${file}`,
  },
}
