import { pluralFor } from '../plural.ts'

const plural = pluralFor('en-GB')

/**
 * Reasons why a job waits, for the record of one job. A text that is also used elsewhere is in the
 * file of its other use.
 */
export const waitWords = {
  scheduler: {
    starting: 'the scheduler is starting',
    'no-room': 'the disk is full: no job starts until there is room',
    untrusted:
      'another user can change the project: no job starts until this is corrected, see "automate-tui services"',
    'no-worker':
      'no worker process can be started, and the scheduler tries again: see "automate-tui services"',
    draining: 'the scheduler is stopping and starts no more jobs',
  },
  scope: 'waits for a scheduler: the running one only runs the job of "automate-tui run"',
  missing: {
    broken: (workflow: string, problems: string) =>
      `waits for workflow ${workflow}: ${problems}. Correct the file: the job then starts by itself`,
    folder: (workflow: string, folder: string) =>
      `waits for workflow ${workflow}: the folder ${folder} does not exist, or no workflow is in it. Restore the files: the job then starts by itself`,
    removed: (workflow: string) =>
      `waits for workflow ${workflow}, which no file exports. Restore its file: the job then starts by itself`,
    until: (words: string, at: string) => `${words}; it fails at ${at}`,
  },
  byHand: plural({
    one: 'its scheduler died while this job ran: the job may be the cause',
    other: 'its scheduler died # times while this job ran: the job may be the cause',
  }),
  retry: (id: number) => `read its log, then: automate-tui retry ${id}`,
  jobs: (jobs: string) => `waits for ${jobs}`,
  jobsInShort: (count: number, named: string, more: number) =>
    `waits for ${count === 1 ? 'job' : 'jobs'} ${named}${more === 0 ? '' : ` and ${more} more`}`,
  account: (account: string, job: number) => `waits for account ${account}, which job ${job} uses`,
  due: (at: string) => `is not due before ${at}`,
  putOff: (why: string, until: string) => `${why}; checked again at ${until}`,
  concurrency: (workflow: string, running: number, most: number) =>
    `waits for a job of ${workflow} to end: ${running} of ${most} allowed are running (concurrency)`,
  domain: (domain: string, workers: number, most: number) =>
    `waits for a worker to leave ${domain}: ${workers} of ${most} allowed are there (domainWorkers)`,
  proxies: (workers: number, most: number) =>
    `waits for a proxy: ${workers} of ${most} proxy slots in use (proxyWorkers)`,
  slots: (taken: number, slots: number, needs: number) =>
    `waits for free workers: ${taken} of ${slots} are in use, and the job needs ${needs}`,
}
