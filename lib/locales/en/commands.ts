import { pluralFor } from '../plural.ts'

const plural = pluralFor('en-GB')
const workers = plural({ one: '# worker', other: '# workers' })

const START_IT = 'Start it with: automate-tui (without screens: automate-tui --no-tui)'

/** Output of the commands of the command line. */
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
    waitsFor: (id: number, others: string) => `Job ${id} waits for ${others}.`,
    keyKnown: (id: number, state: string) => `Job ${id} has this key already. Its state: ${state}.`,
    stopping: (id: number) => `Job ${id} is being stopped.`,
    cancelled: (id: number) => `Job ${id} is cancelled.`,
    prioritised: (id: number, priority: number) => `The priority of job ${id} is ${priority}.`,
    queuedAgain: (id: number) => `Job ${id} is queued again.`,
    deadQueuedAgain: plural({
      one: '# dead job is queued again.',
      other: '# dead jobs are queued again.',
    }),
    keyTaken: (jobs: string) => `Not ${jobs}: another job has the key now.`,
    listCut: plural({
      one: 'There are more: only the newest is listed. --limit <n> lists more.',
      other: 'There are more: only the newest # are listed. --limit <n> lists more.',
    }),
    noCrashes: 'No crash reports.',
    noLogLines: 'No log lines today yet.',
    bundleIsIn: (file: string) =>
      `The bundle is in ${file}. It holds no secrets that are known; look into it before you hand it on.`,
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
    noneSchedules: `No scheduler runs now: nothing starts until one does. ${START_IT}`,
    schedulerLine: (phase: string, active: number, slots: number, heard: string) =>
      `Scheduler ${phase}, ${active} of ${workers(slots)}, last heard ${heard}`,
    schedulerReplaced: (own: string, installed: string | null) =>
      installed === null
        ? `The package of automate-tui ${own}, which runs, is being replaced, or was removed: no job starts until it is whole again. After ten minutes without it the scheduler notifies and ends.`
        : `automate-tui ${installed} was installed in place of ${own}, which still runs. No job starts until the scheduler has restarted; running jobs end first.`,
    schedulerSilent: (duration: string) =>
      `Warning: the scheduler has not answered for ${duration}. It hangs, or its process is stopped. "automate-tui logs" shows its last lines.`,
    schedulerAnswers: 'The scheduler answers again.',
    schedulerUnwritten: (why: string) =>
      `Warning: the scheduler answers, but cannot write its state: ${why}. What is shown of it and of its workers may be old. Check that the disk of the project works, has room, is not mounted read-only, and that no quota is used up.`,
    schedulerWrites: 'The scheduler writes its state again.',
    jobsWait: (why: string) => `A job ${why}.`,
    missingLeft: (workflows: string) =>
      `Jobs are left, because their workflows cannot be loaded: ${workflows}. They stay in the queue.`,
    parkedLeft: (jobs: string, more: number, waiting: number) =>
      `Jobs are left, because they are parked: ${jobs}${more === 0 ? '' : ` and ${more} more`}. Each was running when its scheduler died, several times. Look into their logs, then "automate-tui retry <job>", or "automate-tui cancel <job>".${waiting === 0 ? '' : ` Still in the queue: ${waiting}.`}`,
    jobsLine: (counts: string) => `Jobs: ${counts}`,
    useLine: (memory: string, cpu: string, most: string) =>
      `All processes: ${memory}, ${cpu} (most in the last day: ${most})`,
    lateLine: plural({
      one: '# late report, counted and not applied',
      other: '# late reports, counted and not applied',
    }),
    holdLine: (domain: string, status: number, until: string) =>
      `Domain ${domain} asks to be left alone (${status}) until ${until}`,
    moreHolds: plural({
      one: 'and # more domain asks to be left alone',
      other: 'and # more domains ask to be left alone',
    }),
    serviceLine: (name: string, state: string) => `Service ${name}: ${state}`,
    workerLine: (id: string, job: number | null, state: string, phase: string) =>
      job === null ? `Worker ${id}: ${state}` : `Worker ${id}: job ${job} ${state} ${phase}`,
    serviceColumns: { service: 'service', wanted: 'wanted', is: 'is', since: 'since', restarts: 'restarts' },
    wished: {
      start: (name: string) => `Service ${name}: start is asked for.`,
      stop: (name: string) => `Service ${name}: stop is asked for.`,
      restart: (name: string) => `Service ${name}: restart is asked for.`,
    },
    ended: (id: number, state: string, why: string) => `Job ${id} ${state}${why === '' ? '.' : `: ${why}`}`,
    schedulerPaused:
      'The scheduler is paused and starts no job. Let it go on with: automate-tui services start scheduler',
    jobFields: {
      job: 'job',
      workflow: 'workflow',
      state: 'state',
      why: 'why',
      next: 'next',
      attempt: 'attempt',
      after: 'after',
      afterJobs: (jobs: string, ifFailed: 'cancel' | 'run') =>
        `${jobs} (if one fails: ${ifFailed === 'cancel' ? 'cancelled with it' : 'runs all the same'})`,
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
    copied: (file: string) => `The database is copied to ${file}.`,
    restored: (file: string) => `The database is restored from ${file}.`,
    newestInBackup: (moment: string) => `The newest entry of the backup is of ${moment}.`,
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
    vacuumed: (before: string, after: string) => `The database took ${before} and takes ${after} now.`,
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
    unset: { browser: 'found by itself', language: 'that of the environment', none: 'none' },
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
    draining: 'Stopping: no new job starts, what runs may end. Once more to stop at once.',
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
      `A scheduler runs here already (process ${pid}): the service takes over when that has ended.`,
    runsWithout: (pid: number) => `A scheduler runs here without it (process ${pid}).`,
    removing: (limit: string) =>
      `The service is being stopped: what runs may end, which takes ${limit} at most.`,
    byHand: (command: string) => `So that it also runs while you are not logged in: ${command}`,
    uninstalled: (name: string) => `Service ${name} is removed.`,
    notInstalled: 'This project is no service of this machine. "automate-tui autostart enable" makes it one.',
    is: (name: string, state: string, place: string) => `Service ${name}: ${state} (${place})`,
    startAgain: 'It does not run. "automate-tui autostart enable" starts it again.',
  },
  /** Texts of `init` and `new`. */
  scaffold: {
    made: (root: string) => `The project is in ${root}:`,
    added: (name: string) => `Workflow ${name} is added:`,
    kept: (path: string) => `  ${path} was there, and stays as it is.`,
    ignore: (path: string, lines: string) => `  ${path} was there, and stays as it is. Add to it: ${lines}`,
    next: 'What next:',
    does: {
      run: 'runs the workflow once',
      test: 'runs its test',
      console: 'the console: schedules, and shows what every worker is doing',
    },
  },
}
