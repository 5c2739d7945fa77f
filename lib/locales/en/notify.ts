import { pluralFor } from '../plural.ts'

const plural = pluralFor('en-GB')

const triesLeft = plural({ one: '# try', other: '# tries' })
const numbered = (jobs: string, count: number) => (count === 1 ? `job ${jobs}` : `jobs ${jobs}`)

/** Texts of notifications, and texts about notifications. */
export const notifyWords = {
  state: {
    new: 'New failure',
    back: 'Failing again',
    repeated: 'Still failing',
    final: 'Failed for good',
  },
  /** Line about the outcome of jobs after a failure. `jobs` is one number or several: `7, 8`. */
  outcome: {
    retry: (jobs: string, count: number, left: number) =>
      `${numbered(jobs, count)} will be retried, ${triesLeft(left)} left`,
    failed: (jobs: string, count: number) =>
      `${numbered(jobs, count)} ${count === 1 ? 'has' : 'have'} failed for good`,
    succeeded: (jobs: string, count: number) => `${numbered(jobs, count)} later succeeded`,
    cancelled: (jobs: string, count: number) =>
      `${numbered(jobs, count)} ${count === 1 ? 'has' : 'have'} been cancelled`,
  },
  headline: (project: string, what: string) => `${project}: ${what}`,
  failures: plural({ one: '# failure', other: '# failures' }),
  since: (failures: string, moment: string) => `${failures} since ${moment}`,
  place: (job: string, workflow: string, workers: string, phase: string) =>
    `${job}, ${workflow}, ${workers}: ${phase}`,
  job: (id: number, attempt: number) => `job ${id}${attempt === 1 ? '' : `, attempt ${attempt}`}`,
  workers: (list: string, of: number) => `workers ${list} of ${of}`,
  noWorker: 'no worker',
  worker: (member: number, of: number) => `worker ${member} of ${of}`,
  outside: 'outside of the phases',
  more: plural({ one: 'and # more', other: 'and # more' }),
  at: (frame: string) => `at ${frame}`,
  details: (crash: number) => `More: automate-tui crashes ${crash}`,
  mayRepeat:
    'This may be a repeat: the worker was killed, or the connection was lost, during the notification.',
  asOf: (moment: string) => `As of ${moment}. The message could not be sent earlier.`,
  recovered: (workflow: string) => `Recovered: ${workflow} succeeds again`,
  after: (error: string, failures: string) => `after ${failures} with ${error}`,
  schedulerEnded: 'The last scheduler ended without a stop',
  consoleJobs: plural({ one: '# job was running:', other: '# jobs were running:' }),
  jobNow: (id: number, state: string) => `job ${id} ${state}`,
  nothingRan: 'no job was running',
  databaseDamaged: 'The database is damaged: the scheduler has stopped',
  stoppedForDamage: (path: string) =>
    `${path} was not changed, and no job starts until a person decides how to continue.`,
  newestBackup: (backup: string) => `Newest intact backup: ${backup}`,
  noBackup: 'There is no intact backup in the folder of the daily backups.',
  backupsSilent: (folder: string) =>
    `The folder of the daily backups, ${folder}, did not respond. It may hold an intact backup: make it available and look there before you decide.`,
  backupsUnread: (folder: string, reason: string) =>
    `The daily backups in ${folder} could not be read (${reason}). An intact one may be among them: make them readable and look there before you decide.`,
  databaseRemoved: 'The database was removed or replaced: the scheduler has stopped',
  stoppedForRemoval: (path: string) =>
    `${path} is no longer the file that the scheduler had open. Jobs that are queued there now do not run.`,
  copyOfRemoved: (copy: string) => `A copy of the contents of the database: ${copy}`,
  noCopy: 'No copy of the contents of the database could be written.',
  restoreOrNew: (backup: string | null) =>
    `Run automate-tui db restore ${backup ?? '<file>'}, or automate-tui db new for an empty database, and start automate-tui again.`,
  restartFailed: (from: string, to: string) => `The scheduler (${from}) could not restart into ${to}`,
  restartRemedy:
    'No job starts until the installed version can be started. Install it again, or the previous version.',
  packageRemoved: (version: string) => `automate-tui ${version} was removed while its scheduler was running`,
  packageRemedy: (folder: string) =>
    `No job can start, because ${folder} is gone. Install automate-tui again, and start the scheduler from there. A scheduler without screens ends when its running jobs have ended.`,
  workersFail: 'No worker can be started: no job starts',
  workflowMissing: (workflow: string) => `The jobs of ${workflow} wait: the workflow cannot be loaded`,
  backupFailed: 'The daily backup of the database failed',
  backupRemedy: 'Jobs continue. The backup is retried every hour.',
  diskFull: 'The disk is full: no job starts',
  diskFree: (folder: string, freeMegabytes: number, neededMegabytes: number) =>
    `The disk of ${folder} has ${freeMegabytes} MB left. Jobs start again when ${neededMegabytes} MB are free; running jobs continue as far as they can.`,
  diskRemedy:
    'Free some space, or lower keepLogs, maxLogs, maxTraces or keepBackups. The database shrinks by keepJobs and "automate-tui db vacuum".',
  diskRoom: 'The disk has room again: jobs start as before',
  writesRefused: 'The database cannot be written: no job starts',
  writesResumed: 'The database can be written again: jobs start as before',
  projectUntrusted: 'Another user can change the project: no job starts',
  projectTrusted: 'No other user can change the project any more: jobs start as before',
  schedulerBug: 'The scheduler ends because of a bug in automate-tui',
  startAgain: 'Start it again: interrupted jobs then resume. Its log names the place of the bug.',
  test: 'Test message: notifications arrive here',
  summary: plural({ one: '# notice', other: '# notices' }),
  summarySince: (notices: string, moment: string) => `${notices} since ${moment}`,
  channels: { telegram: 'Telegram', webhook: 'webhook', bell: 'bell' },
  remedy: {
    token:
      'The bot token is wrong. Set the one that @BotFather gives in .env or automate.config.ts: a running scheduler uses it at once.',
    chat: 'The bot cannot write to this chat. Set another id, which a running scheduler uses at once; or write /start to the bot or add it to the group, then run "automate-tui services restart notifier".',
    address:
      'No service accepts messages at this address. Set another "url", which a running scheduler uses at once; or repair the receiving service, then run "automate-tui services restart notifier".',
    authorization:
      'The webhook does not accept its credentials. Set its "headers" or "headersEnv", which a running scheduler uses at once; or repair the receiving service, then run "automate-tui services restart notifier".',
    message:
      'The message itself was refused. It is kept, and sent again at each start of the notifier, including the next start of the scheduler. If you run the receiving service, repair it, then run "automate-tui services restart notifier".',
  },
  /** Reasons why a server was not reached, by the error code of the operating system. */
  unreached: {
    ENOTFOUND: 'the host name was not found: check the address and the network',
    EAI_AGAIN: 'host names cannot be resolved now: check the network',
    ECONNREFUSED: 'no service listens there: check the address, and that the service is running',
    ETIMEDOUT: 'the host cannot be reached: check the network and the firewall',
    ECONNRESET: 'the connection was reset: check the network, proxies and firewalls',
  },
  waits: (channel: string, messages: string, why: string) => `${channel}: ${messages}: ${why}`,
  waiting: plural({ one: '# message waits', other: '# messages wait' }),
  refused: (channel: string, messages: string, why: string, remedy: string) =>
    `${channel}: ${messages}: ${why}. ${remedy}`,
  parked: plural({ one: '# message was refused', other: '# messages were refused' }),
  columns: { channel: 'channel', sent: 'sent', waiting: 'waiting', refused: 'refused', last: 'last' },
  testColumns: { channel: 'channel', result: 'result', why: 'why' },
  result: { delivered: 'arrived', later: 'not now', refused: 'refused' },
  none: 'No notifications are sent: "notify" in automate.config.ts names no channel.',
}
