import { Command, Option } from 'commander'
import { AutomateError } from '../lib/core/errors.ts'
import type { DemoFlags } from './commands/demo.ts'
import type { JobFilter, JobFlags } from './commands/jobs.ts'
import type { ExitCode } from './exit-code.ts'
import { addDatabaseCommands } from './database-commands.ts'
import { addLaterCommands } from './later.ts'
import { addNotifyCommands } from './notify-commands.ts'
import { addPeopleCommands } from './people-commands.ts'
import { addProxyCommands } from './proxy-commands.ts'
import { openProject, wordsOf } from './project.ts'
import type { Project, ProjectFlags } from './project.ts'
import type { Session } from './session.ts'
import { version } from './version.ts'

interface ShowFlags {
  readonly tui: boolean
  readonly json: boolean
  readonly untilIdle: boolean
  readonly readOnly: boolean
  readonly ascii: boolean
}

/** Of the whole program and of every command. */
const PROJECT_OPTIONS = [
  ['--root <folder>', 'the project, instead of walking up from here'],
  ['--workers <n>', 'most workers at once'],
  ['--browser <file>', 'the browser to start'],
  ['--headed', 'show the browsers'],
  ['--cdp <transport>', 'pipe, or port to let DevTools attach'],
  ['--language <code>', 'en or it'],
] as const

type End = (code: ExitCode) => void

const collect = (value: string, list: readonly string[]): readonly string[] => [...list, value]

/** The command line. Each command's own modules are loaded when it runs: `--no-tui` never touches the screen's packages. */
export function buildProgram(end: End): Command {
  const program = new Command('automate-tui')
    .description('A terminal-first operator console for multi-process browser automation.')
    .version(version())
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text) })
    .showHelpAfterError('(automate-tui --help shows all commands)')
    .enablePositionalOptions()
  for (const [flags, description] of PROJECT_OPTIONS) program.option(flags, description)
  program.addHelpText(
    'after',
    '\nExit codes: 0 done, 1 a job failed, 2 wrong usage or configuration, 3 cancelled, 4 unfit environment, 70 a bug of ours.',
  )

  showOptions(program.command('console', { isDefault: true }))
    .description(
      'the console (this is what runs without a command): schedules in this project, or attaches to its scheduler',
    )
    // A word that is no command comes here, to the default.
    .argument('[word]')
    .usage('[options]')
    .action(async (word: string | undefined, _flags: unknown, command: Command) => {
      if (word !== undefined) command.error(`error: there is no command "${word}"`)
      const flags: ShowFlags & ProjectFlags = command.optsWithGlobals()
      end(await show(await openProject(flags), flags))
    })

  addDemo(program, end)
  addJobCommands(program, end)
  addReports(program, end)
  addUpkeep(program, end)
  addDatabaseCommands(program, end)
  addPeopleCommands(program, end)
  addProxyCommands(program, end)
  addNotifyCommands(program, end)
  addLaterCommands(program)
  takeProjectOptions(program)
  return program
}

/** Lets every command take the project's options behind its name too, unless it has one of that name itself. */
function takeProjectOptions(parent: Command): void {
  for (const command of parent.commands) {
    for (const [flags, description] of PROJECT_OPTIONS) {
      const option = new Option(flags, description).hideHelp()
      if (!command.options.some(({ long }) => long === option.long)) command.addOption(option)
    }
    takeProjectOptions(command)
  }
}

function showOptions(command: Command): Command {
  return command
    .option('--no-tui', 'plain lines instead of screens')
    .addOption(new Option('--json', 'with --no-tui: one JSON object a line').default(false))
    .addOption(
      new Option('--until-idle', 'with --no-tui: end when nothing is queued, running or due').default(false),
    )
    .addOption(new Option('--read-only', 'screens without actions').default(false))
    .addOption(new Option('--ascii', 'screens without box-drawing characters').default(false))
}

/** Screens where there is a terminal, lines elsewhere. */
async function show(
  project: Project,
  flags: ShowFlags,
  start?: (session: Session) => Promise<void>,
): Promise<ExitCode> {
  const whenScheduling = start === undefined ? {} : { whenScheduling: start }
  const terminal = process.stdin.isTTY && process.stdout.isTTY && process.env['TERM'] !== 'dumb'
  if (flags.tui && terminal && !flags.json) {
    const { runFullScreen } = await import('./commands/console.ts')
    return runFullScreen(project, { ...flags, ...whenScheduling })
  }
  if (flags.readOnly) {
    throw new AutomateError(
      'usage',
      '--read-only goes with the screens, and those need a terminal. "automate-tui status" and "automate-tui logs -f" only watch as well.',
    )
  }
  if (flags.tui && !terminal) process.stderr.write(`${wordsOf(project).commands.noTerminal}\n`)
  const { runHeadless } = await import('./commands/headless.ts')
  // Without a terminal nobody can press a key to end the demo: it ends when its jobs have.
  const untilIdle = flags.untilIdle || (start !== undefined && flags.tui && !terminal)
  return runHeadless(project, { json: flags.json, untilIdle, ...whenScheduling })
}

function addDemo(program: Command, end: End): void {
  showOptions(program.command('demo'))
    .description('try it: a throw-away project with a local site and bundled workflows, no network needed')
    .addOption(new Option('--seed <text>', "another seed gives the site's goods other prices").default('1'))
    .option('--prices <file>', "a JSON file with the site's prices")
    .addOption(new Option('--keep', 'keep the project and say where it is').default(false))
    .action(async (_flags: unknown, command: Command) => {
      const flags: DemoFlags & ShowFlags = command.optsWithGlobals()
      const { runDemo } = await import('./commands/demo.ts')
      end(await runDemo(flags, (project, start) => show(project, flags, start)))
    })
}

function jobOptions(command: Command): Command {
  return command
    .option('--input <key=value>', 'one field of the input; may be repeated', collect, [])
    .option('--input-file <file>', 'a JSON file with the input')
    .option('--workers <n>', 'how many workers the job gets')
    .option('--priority <n>', 'from -100 to 100; higher goes first')
    .option('--key <text>', 'only one unfinished job may have it')
    .option('--after <job>', 'wait until that job has ended; may be repeated', collect, [])
    .option('--if-failed <what>', 'when a job that it waits for fails: "cancel" (the default) or "run"')
    .option('--proxy <which>', '"none", "any", or one that "automate-tui proxies" lists')
    .option('--proxy-key <text>', 'jobs with the same one keep the same proxy, with the rotation "sticky"')
    .option('--json', 'print JSON', false)
}

type CommandFlags = ProjectFlags & JobFlags & { readonly json: boolean }

/** `--workers` behind a command is the job's number of workers, before it the project's most workers at once. */
function flagsOf(command: Command): { flags: CommandFlags; job: JobFlags } {
  const flags: CommandFlags = command.optsWithGlobals()
  const own: { workers?: string } = command.opts()
  const projects: { workers?: string } = command.parent?.opts() ?? {}
  return { flags: { ...flags, workers: projects.workers }, job: jobFlags(flags, own.workers) }
}

function jobFlags(
  { input, inputFile, priority, key, proxy, proxyKey, after, ifFailed }: JobFlags,
  workers: string | undefined,
): JobFlags {
  return {
    input,
    ...(inputFile === undefined ? {} : { inputFile }),
    ...(workers === undefined ? {} : { workersOfJob: workers }),
    ...(priority === undefined ? {} : { priority }),
    ...(key === undefined ? {} : { key }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(proxyKey === undefined ? {} : { proxyKey }),
    ...(after === undefined ? {} : { after }),
    ...(ifFailed === undefined ? {} : { ifFailed }),
  }
}

function addJobCommands(program: Command, end: End): void {
  jobOptions(program.command('run <workflow>'))
    .description('queue one job, show its phases, wait for its end, print its result')
    .action(async (workflow: string, _flags: unknown, command: Command) => {
      const { flags, job } = flagsOf(command)
      const { runJob } = await import('./commands/run.ts')
      end(await runJob(await openProject(flags), workflow, job, flags.json))
    })
  jobOptions(program.command('enqueue <workflow>'))
    .description('queue one job')
    .action(async (workflow: string, _flags: unknown, command: Command) => {
      const { flags, job } = flagsOf(command)
      const { enqueueJob } = await import('./commands/jobs.ts')
      end(await enqueueJob(flags, workflow, job, flags.json))
    })
  program
    .command('jobs [job]')
    .description('list jobs, newest first, or show one with its input and result')
    .option('--state <state>', 'only jobs in this state')
    .option('--dead', 'only jobs that failed or are parked: "retry --all" queues them again', false)
    .option('--workflow <workflow>', 'only jobs of this workflow')
    .option('--json', 'print JSON', false)
    .action(async (id: string | undefined, _flags: unknown, command: Command) => {
      const flags: CommandFlags & JobFilter = command.optsWithGlobals()
      const { listJobs, showJob } = await import('./commands/jobs.ts')
      end(await (id === undefined ? listJobs(flags, flags, flags.json) : showJob(flags, id, flags.json)))
    })
  program
    .command('after <job> <others...>')
    .description('let a queued job wait until other jobs have ended')
    .option('--json', 'print JSON', false)
    .action(async (id: string, others: string[], _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { waitForJobs } = await import('./commands/jobs.ts')
      end(await waitForJobs(flags, id, others, flags.json))
    })
  program
    .command('cancel <job>')
    .description('cancel a job, running or not')
    .option('--json', 'print JSON', false)
    .action(async (id: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { cancelJob } = await import('./commands/jobs.ts')
      end(await cancelJob(flags, id, flags.json))
    })
  program
    .command('retry [job]')
    .description(
      'queue a job again that failed, was cancelled or is parked; or all that failed or are parked',
    )
    .option('--all', 'all that "jobs --dead" lists', false)
    .option('--workflow <workflow>', 'with --all: only jobs of this workflow')
    .option('--json', 'print JSON', false)
    .action(async (id: string | undefined, _flags: unknown, command: Command) => {
      const flags: CommandFlags & { all: boolean; workflow?: string } = command.optsWithGlobals()
      if (flags.all === (id !== undefined)) {
        throw new AutomateError('usage', 'retry takes either the number of a job or --all.')
      }
      if (id !== undefined && flags.workflow !== undefined) {
        throw new AutomateError('usage', '--workflow goes with --all: a job is of one workflow anyway.')
      }
      const { retryDead, retryJob } = await import('./commands/jobs.ts')
      end(
        await (id === undefined
          ? retryDead(flags, flags.workflow, flags.json)
          : retryJob(flags, id, flags.json)),
      )
    })
  program
    .command('worker <workflow>')
    .description('run a workflow in the foreground, without scheduler and console: for authors and debuggers')
    .option('--input <key=value>', 'one field of the input; may be repeated', collect, [])
    .option('--input-file <file>', 'a JSON file with the input')
    .option('--trace', 'leave a trace of what it did', false)
    .option('--proxy <which>', '"none", "any", or one that "automate-tui proxies" lists')
    .option('--json', 'print JSON', false)
    .action(async (workflow: string, own: { trace: boolean }, command: Command) => {
      const { flags, job } = flagsOf(command)
      const { runWorker } = await import('./commands/worker.ts')
      end(await runWorker(await openProject(flags), workflow, { ...job, trace: own.trace }, flags.json))
    })
}

function addReports(program: Command, end: End): void {
  const report = (name: string, description: string) =>
    program.command(name).description(description).option('--json', 'print JSON', false)

  report('crashes [crash]', 'list crash reports, or show one')
    .option('--bundle [file]', 'write it with its logs and picture as a zip without secrets, to hand on')
    .action(async (id: string | undefined, _flags: unknown, command: Command) => {
      const flags: CommandFlags & { bundle?: string | true } = command.optsWithGlobals()
      if (flags.bundle !== undefined) {
        if (id === undefined)
          throw new AutomateError('usage', '--bundle takes the number of a crash before it.')
        const { writeBundle } = await import('./commands/crash-bundle.ts')
        const file = flags.bundle === true ? undefined : flags.bundle
        end(await writeBundle(flags, id, file, flags.json))
        return
      }
      const { listCrashes, showCrash } = await import('./commands/reports.ts')
      end(await (id === undefined ? listCrashes(flags, flags.json) : showCrash(flags, id, flags.json)))
    })
  report('report <job>', 'write the report of a job: its attempts, phases, steps and failures')
    .option('--output <file>', 'where the HTML page goes instead of data/reports')
    .action(async (job: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags & { output?: string } = command.optsWithGlobals()
      const { writeReport } = await import('./commands/report.ts')
      end(await writeReport(flags, job, flags.output, flags.json))
    })
  report('logs', "show today's log lines")
    .option('-f, --follow', 'go on as lines come', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags & { follow: boolean } = command.optsWithGlobals()
      const { showLogs } = await import('./commands/reports.ts')
      end(await showLogs(flags, flags.follow, flags.json))
    })
  report('status', 'what runs now').action(async (_flags: unknown, command: Command) => {
    const flags: CommandFlags = command.optsWithGlobals()
    const { showStatus } = await import('./commands/reports.ts')
    end(await showStatus(flags, flags.json))
  })
  const services = report('services', 'list services, or start, stop, restart one').action(
    async (_flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { showServices } = await import('./commands/reports.ts')
      end(await showServices(flags, flags.json))
    },
  )
  for (const wish of ['start', 'stop', 'restart'] as const) {
    services
      .command(`${wish} <service>`)
      .description(`${wish} a service`)
      .option('--json', 'print JSON', false)
      .action(async (name: string, _flags: unknown, command: Command) => {
        const flags: CommandFlags = command.optsWithGlobals()
        const own: { json: boolean } = command.opts()
        const { wishService } = await import('./commands/reports.ts')
        end(await wishService(flags, wish, name, flags.json || own.json))
      })
  }
}

function addUpkeep(program: Command, end: End): void {
  program
    .command('doctor')
    .description('check this machine and this project, and say the remedy for what is wrong')
    .option('--fix', 'repair what can be repaired without risk', false)
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags & { fix: boolean } = command.optsWithGlobals()
      const { runDoctor } = await import('./commands/doctor.ts')
      end(await runDoctor(flags, flags.fix, flags.json))
    })
  program
    .command('config')
    .description('the effective configuration, and where each value comes from')
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { showConfig } = await import('./commands/config.ts')
      end(showConfig(await openProject(flags), flags.json))
    })
}
