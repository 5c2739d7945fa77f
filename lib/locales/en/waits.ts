import { pluralFor } from '../plural.ts'

const plural = pluralFor('en-GB')

/**
 * Reasons of a job that waits, for one job in full. Texts with a second use are in the file of that
 * use.
 */
export const waitWords = {
  scheduler: {
    starting: 'the scheduler is starting',
    'no-room': 'the disk is full: no job starts until there is room',
    untrusted:
      'another user can change the project: no job starts until nobody else can, see "automate-tui services"',
    'no-worker':
      'no worker process can be started, and the scheduler tries again: see "automate-tui services"',
    draining: 'the scheduler is stopping and starts no job any more',
  },
  scope: 'waits for a scheduler: the one that runs does the job of "automate-tui run" alone',
  missing: {
    broken: (workflow: string, problems: string) =>
      `waits for workflow ${workflow}: ${problems}. Correct the file: the job then starts by itself`,
    folder: (workflow: string, folder: string) =>
      `waits for workflow ${workflow}: the folder ${folder} does not exist, or no workflow is in it. Put the files back: the job then starts by itself`,
    removed: (workflow: string) =>
      `waits for workflow ${workflow}, which no file exports. Put its file back: the job then starts by itself`,
    until: (words: string, at: string) => `${words}; it fails at ${at}`,
  },
  byHand: plural({
    one: 'its scheduler died while it ran: it may be what kills it',
    other: 'its scheduler died # times while it ran: it may be what kills it',
  }),
  retry: (id: number) => `look into its log, then: automate-tui retry ${id}`,
  jobs: (jobs: string) => `waits for ${jobs}`,
  jobsInShort: (count: number, named: string, more: number) =>
    `waits for ${count === 1 ? 'job' : 'jobs'} ${named}${more === 0 ? '' : ` and ${more} more`}`,
  account: (account: string, job: number) => `waits for account ${account}, which job ${job} uses`,
  due: (at: string) => `is not due before ${at}`,
  putOff: (why: string, until: string) => `${why}; looked at again at ${until}`,
  concurrency: (workflow: string, running: number, most: number) =>
    `waits for a job of ${workflow} to end: ${running} of ${most} that may run at once are running (its concurrency)`,
  domain: (domain: string, workers: number, most: number) =>
    `waits for a worker to leave ${domain}: ${workers} of ${most} that may be there at once are there (domainWorkers)`,
  proxies: (workers: number, most: number) =>
    `waits for a worker to leave its proxy: ${workers} of ${most} that all proxies together can take now use them (proxyWorkers)`,
  slots: (taken: number, slots: number, needs: number) =>
    `waits for workers to be free: ${taken} of ${slots} are taken, and it needs ${needs}`,
}
