import { pluralFor } from '../plural.ts'

const plural = pluralFor('en-GB')
const workers = plural({ one: '# worker', other: '# workers' })

const START_IT = 'Start it with: automate-tui (without screens: automate-tui --no-tui)'

/** Texts that the commands of the command line print. */
export const commandWords = {
  commands: {
    noJobs: 'No jobs.',
    jobColumns: {
      job: 'job',
      workflow: 'workflow',
      state: 'state',
      priority: 'priority',
      workers: 'workers',
      attempt: 'attempt',
      queued: 'queued',
      ended: 'ended',
      error: 'error',
    },
    queued: (id: number) => `Job ${id} is queued.`,
    unlistedProxy: (id: number, proxy: string) =>
      `The present configuration lists no proxy ${proxy}. Job ${id} fails when it starts, unless the scheduler that starts it has this proxy. List the proxies with: automate-tui proxies`,
    waitsFor: (id: number, others: string) => `Job ${id} waits for ${others}.`,
    keyKnown: (id: number, state: string) => `Job ${id} has this key already. Its state: ${state}.`,
    stopping: (id: number) => `Job ${id} is being stopped.`,
    cancelled: (id: number) => `Job ${id} is cancelled.`,
    prioritised: (id: number, priority: number) => `The priority of job ${id} is ${priority}.`,
    queuedAgain: (id: number) => `Job ${id} is queued again.`,
    deadQueuedAgain: plural({
      one: '# failed or parked job is queued again.',
      other: '# failed or parked jobs are queued again.',
    }),
    keyTaken: (jobs: string) => `Not queued again: ${jobs}. Another job has the key now.`,
    listCut: plural({
      one: 'There are more: only the newest is listed. --limit <n> lists more.',
      other: 'There are more: only the newest # are listed. --limit <n> lists more.',
    }),
    noCrashes: 'No crash reports.',
    noLogLines: 'No log lines today yet.',
    bundleIsIn: (file: string) =>
      `The bundle is in ${file}. It contains no known secrets; check it before you hand it on.`,
    crashColumns: {
      crash: 'crash',
      at: 'at',
      job: 'job',
      workflow: 'workflow',
      phase: 'phase',
      error: 'error',
      message: 'message',
    },
    crashTitle: (id: number, when: string, job: string) => `Crash ${id}  ${when}  ${job}`,
    crashJob: (id: number, workflow: string, attempt: number, member: string) =>
      `job ${id} (${workflow}), attempt ${attempt}, worker ${member}`,
    inPhase: (phase: string) => `in ${phase}`,
    outsidePhases: 'outside its phases',
    atUrl: (url: string) => `at ${url}`,
    atLine: (place: string) => `line ${place}`,
    lastLines: 'Last lines:',
    openTrace: (command: string) => `Open the trace with: ${command}`,
    noScheduler: 'No scheduler has run here yet.',
    startScheduler: START_IT,
    schedulerEnded:
      'The scheduler ended before the job. This command waits half a minute for the next one, then runs the job itself.',
    othersRun: plural({
      one: 'The job is done. # other job still runs in this process, which ends with it.',
      other: 'The job is done. # other jobs still run in this process, which ends with them.',
    }),
    othersWait: plural({
      one: '# other job still waits for a scheduler.',
      other: '# other jobs still wait for a scheduler.',
    }),
    interrupted: `No scheduler is running: jobs shown as running were interrupted, and the next scheduler continues them. ${START_IT}`,
    noneSchedules: `No scheduler is running: no job starts. ${START_IT}`,
    schedulerLine: (phase: string, active: number, slots: number, heard: string) =>
      `Scheduler ${phase}, ${active} of ${workers(slots)}, last heard ${heard}`,
    schedulerReplaced: (own: string, installed: string | null) =>
      installed === null
        ? `The package of automate-tui ${own}, which is running, is being replaced or was removed: no job starts until the package is complete again. After ten minutes without the package the scheduler notifies and ends.`
        : `automate-tui ${installed} was installed in place of ${own}, which is still running. No job starts until the scheduler has restarted; running jobs end first.`,
    schedulerSilent: (duration: string) =>
      `Warning: the scheduler has not answered for ${duration}. It hangs, or its process is stopped. "automate-tui logs" shows its last lines.`,
    schedulerAnswers: 'The scheduler answers again.',
    schedulerUnwritten: (why: string) =>
      `Warning: the scheduler answers, but cannot write its state: ${why}. Its state and that of its workers may be outdated here. Check that the disk of the project works, has room, is not mounted read-only, and that no quota is used up.`,
    schedulerWrites: 'The scheduler writes its state again.',
    jobsWait: (why: string) => `A job ${why}.`,
    missingLeft: (workflows: string) =>
      `Jobs remain in the queue, because their workflows cannot be loaded: ${workflows}.`,
    parkedLeft: (jobs: string, more: number, waiting: number) =>
      `Jobs remain, because they are parked: ${jobs}${more === 0 ? '' : ` and ${more} more`}. Each was running when its scheduler died, several times. Read their logs, then "automate-tui retry <job>", or "automate-tui cancel <job>".${waiting === 0 ? '' : ` Still in the queue: ${waiting}.`}`,
    jobsLine: (counts: string) => `Jobs: ${counts}`,
    useLine: (memory: string, cpu: string, most: string) =>
      `All processes: ${memory}, ${cpu} (most in the last day: ${most})`,
    lateLine: plural({
      one: '# late report, counted and not applied',
      other: '# late reports, counted and not applied',
    }),
    holdLine: (domain: string, status: number, until: string) =>
      `Domain ${domain} asks to wait (${status}) until ${until}`,
    moreHolds: plural({
      one: 'and # more domain asks to wait',
      other: 'and # more domains ask to wait',
    }),
    serviceLine: (name: string, state: string) => `Service ${name}: ${state}`,
    workerLine: (id: string, job: number | null, state: string, phase: string) =>
      job === null ? `Worker ${id}: ${state}` : `Worker ${id}: job ${job} ${state} ${phase}`,
    serviceColumns: {
      service: 'service',
      wanted: 'wanted',
      is: 'state',
      since: 'since',
      restarts: 'restarts',
    },
    wished: {
      start: (name: string) => `Service ${name}: start is asked for.`,
      stop: (name: string) => `Service ${name}: stop is asked for.`,
      restart: (name: string) => `Service ${name}: restart is asked for.`,
    },
    ended: (id: number, state: string, why: string) => `Job ${id} ${state}${why === '' ? '.' : `: ${why}`}`,
    schedulerPaused:
      'The scheduler is paused and starts no job. Resume it with: automate-tui services start scheduler',
    jobFields: {
      job: 'job',
      workflow: 'workflow',
      state: 'state',
      why: 'why',
      next: 'next',
      attempt: 'attempt',
      after: 'after',
      afterJobs: (jobs: string, ifFailed: 'cancel' | 'run') =>
        `${jobs} (if one fails: ${ifFailed === 'cancel' ? 'cancelled with it' : 'runs anyway'})`,
      queued: 'queued',
      started: 'started',
      ended: 'ended',
      input: 'input',
      result: 'result',
      error: 'error',
      late: 'late reports',
      lateCount: (count: number) => `${count}, not applied`,
    },
    stopped: 'Stopped.',
    screenshot: (path: string) => `Screenshot: ${path}`,
    trace: (command: string) => `Trace: ${command}`,
    copied: (file: string) => `The database was copied to ${file}.`,
    restored: (file: string) => `The database was restored from ${file}.`,
    newestInBackup: (moment: string) => `The newest entry of the backup is from ${moment}.`,
    emptyDatabase: 'The project has a new, empty database.',
    setAside: (path: string) => `The earlier database is kept as ${path}.`,
    lostSince: (what: string) => `The earlier database has more than the backup: ${what}.`,
    nothingLost: 'The earlier database has no jobs, crash reports or logins beyond the backup.',
    lossUnknown: 'What the backup misses cannot be counted, because the earlier database cannot be read.',
    lost: {
      jobsQueued: plural({ one: '# queued job', other: '# queued jobs' }),
      jobsEnded: plural({ one: 'the end of # job', other: 'the ends of # jobs' }),
      crashReports: plural({ one: '# crash report', other: '# crash reports' }),
      logins: plural({ one: '# saved login', other: '# saved logins' }),
    },
    vacuumed: (before: string, after: string) => `The database used ${before} and now uses ${after}.`,
    checked: {
      none: 'There is no database yet.',
      intact: 'The database is intact.',
      problems: plural({ one: 'The database has # problem:', other: 'The database has # problems:' }),
      damaged: 'Restore a backup with "automate-tui db restore <file>".',
      file: (path: string, size: string) => `File: ${path}, ${size}`,
      made: (migration: number, sqlite: string, journal: string) =>
        `Migration ${migration}, SQLite ${sqlite}, journal ${journal}`,
    },
    project: (root: string) => `Project ${root}`,
    configColumns: { setting: 'setting', value: 'value', from: 'from', environment: 'in the environment' },
    unset: { browser: 'detected', language: 'from the environment', none: 'none' },
    changeColumn: 'a change counts',
    takesEffect: { 'at-once': 'at once', 'after-restart': 'after a restart' },
    source: {
      flag: 'flag',
      environment: 'environment',
      '.env': '.env',
      operator: 'operator',
      file: 'file',
      default: 'default',
    },
    neverIdle: (commands: string) =>
      `--until-idle does not end while a continuous workflow runs. To stop: ${commands}`,
    draining: 'Stopping: no new job starts, running jobs may finish. Stop again to end them at once.',
    resultUntold: (job: number, why: string) =>
      `The result of job ${job} could not be read: ${why} "automate-tui jobs ${job}" shows it.`,
    noTerminal: 'There is no terminal here: plain lines instead of screens.',
    demoSite: (url: string) => `The demo's site: ${url}`,
    demoSiteAlone: "The demo's site, until Ctrl+C:",
    demoStays: (root: string) => `The demo's project stays in ${root}`,
  },
  /** Texts of `autostart`. */
  autostart: {
    installed: (name: string, place: string) =>
      `Service ${name} is installed (${place}) and started. It starts with this machine from now on.`,
    installedOnly: (name: string, place: string) =>
      `Service ${name} is installed (${place}). It starts with this machine from now on.`,
    takesOver: (pid: number) =>
      `A scheduler runs here already (process ${pid}): the service takes over when the scheduler ends.`,
    runsWithout: (pid: number) => `A scheduler runs here without it (process ${pid}).`,
    removing: (limit: string) => `The service is being stopped: running jobs may finish, within ${limit}.`,
    byHand: (command: string) => `To run it while you are not logged in: ${command}`,
    uninstalled: (name: string) => `Service ${name} was removed.`,
    notInstalled: 'This project is no service of this machine. "automate-tui autostart enable" makes it one.',
    is: (name: string, state: string, place: string) => `Service ${name}: ${state} (${place})`,
    startAgain: 'The service is not running. Start it again with "automate-tui autostart enable".',
  },
  /** Texts of `init` and `new`. */
  scaffold: {
    made: (root: string) => `The project is in ${root}:`,
    added: (name: string) => `Workflow ${name} is added:`,
    kept: (path: string) => `  ${path} already exists and was not changed.`,
    ignore: (path: string, lines: string) =>
      `  ${path} already exists and was not changed. Add to it: ${lines}`,
    next: 'Next steps:',
    does: {
      run: 'runs the workflow once',
      test: 'runs its test',
      console: 'the console: runs jobs, and shows what every worker is doing',
    },
  },
}
