import { Command, Option } from 'commander'
import { AutomateError } from '../../lib/core/errors/errors.ts'
import { limitMalloc } from '../../lib/platform/process/malloc-limits.ts'
import { prewarmThread } from '../../lib/store/thread/prewarmed-thread.ts'
import type { DemoFlags } from '../commands/demo.ts'
import { showExamples } from './examples.ts'
import { addHelpCommand, helpPages } from './help-pages.ts'
import type { ExitCode } from '../exit-code.ts'
import { addAuthoring } from './registration/authoring.ts'
import { addAutostart } from './registration/autostart.ts'
import { addCompletion } from './registration/completion.ts'
import { addConfig } from './registration/config.ts'
import { addCrashes } from './registration/crashes.ts'
import { addDatabase } from './registration/database.ts'
import { addDoctor } from './registration/doctor.ts'
import { addJobs } from './registration/jobs.ts'
import { addLogs } from './registration/logs.ts'
import { addNotify } from './registration/notify.ts'
import { addProxies } from './registration/proxies.ts'
import { addReport } from './registration/report.ts'
import { addSchedules } from './registration/schedules.ts'
import { addServices } from './registration/services.ts'
import { addSessions } from './registration/sessions.ts'
import { addStatus } from './registration/status.ts'
import { addTakeover } from './registration/takeover.ts'
import { openProject, wordsOf } from '../../lib/app/project/project.ts'
import type { Project, ProjectFlags } from '../../lib/app/project/project.ts'
import type { OpenProject } from '../open-project.ts'
import { printUsageErrors } from './usage-errors.ts'
import { PROGRAM } from '../../lib/core/process/program.ts'

interface ShowFlags {
  readonly tui: boolean
  readonly json: boolean
  readonly untilIdle: boolean
  readonly readOnly: boolean
  readonly ascii: boolean
}

/** Options of the whole program and of every command. */
const PROJECT_OPTIONS = [
  ['--root <folder>', 'the project folder (default: the nearest project, from here upwards)'],
  ['--workers <n>', 'maximum number of workers at once'],
  ['--browser <file>', 'path of the browser executable'],
  ['--headed', 'show the browser windows'],
  ['--cdp <transport>', '"pipe", or "port" so that DevTools can attach'],
  ['--language <code>', 'language of the texts: en or it'],
] as const

/**
 * Option that limits the consent of `--root` to one owner of the project. It is passed by services,
 * and by schedulers that check another version. People do not need it, so the help does not show
 * it.
 */
const OWNER_OPTION = [
  '--owner <id>',
  'with --root: the only user (uid or SID) that may own the project',
] as const

/** Command that runs if the command line names none. */
const UNNAMED = 'console'

type End = (code: ExitCode) => void

/**
 * Builds the command line interface. The modules of a command are loaded only when the command
 * runs, so that `--no-tui` never loads the packages for the screen.
 */
export function buildProgram(end: End): Command {
  const program = new Command('automate-tui')
    .description('A terminal-first operator console for multi-process browser automation.')
    .version(PROGRAM.version)
    .configureHelp(helpPages(UNNAMED))
    .exitOverride()
    .helpCommand(false)
    .enablePositionalOptions()
  for (const [flags, description] of PROJECT_OPTIONS) program.option(flags, description)
  program.addOption(new Option(...OWNER_OPTION).hideHelp())
  program.addHelpText(
    'after',
    '\nExit codes: 0 done, 1 a job failed, 2 wrong usage or configuration, 3 cancelled, 4 unsuitable environment, 5 damaged database, 70 a bug in automate-tui.',
  )

  showOptions(program.command(UNNAMED, { isDefault: true }))
    .description(
      'open the console (the default command): run the scheduler of this project, or attach to a running one',
    )
    .action(async (_flags: unknown, command: Command) => {
      const flags: ShowFlags & ProjectFlags = command.optsWithGlobals()
      end(await show(() => openProject(flags), flags))
    })

  addDemo(program, end)
  const commands = [
    ...[addJobs, addCrashes, addReport, addLogs, addStatus, addServices, addAutostart, addDoctor, addConfig],
    ...[addDatabase, addSessions, addTakeover, addProxies, addNotify, addSchedules, addAuthoring],
  ]
  for (const add of commands) add(program, end)
  addCompletion(program, end)
  addHelpCommand(program, end)
  addCheckStart(program)
  takeProjectOptions(program)
  printUsageErrors(program, UNNAMED)
  showExamples(program)
  return program
}

/**
 * Makes every command accept the project's options after its name too, except an option with a name
 * that the command itself uses.
 */
function takeProjectOptions(parent: Command): void {
  for (const command of parent.commands) {
    for (const [flags, description] of [...PROJECT_OPTIONS, OWNER_OPTION]) {
      const option = new Option(flags, description).hideHelp()
      if (!command.options.some(({ long }) => long === option.long)) command.addOption(option)
    }
    takeProjectOptions(command)
  }
}

function showOptions(command: Command): Command {
  return command
    .option('--no-tui', 'print plain lines instead of screens')
    .addOption(new Option('--json', 'with --no-tui: print one JSON object per line').default(false))
    .addOption(
      new Option(
        '--until-idle',
        'with --no-tui: exit when no job is queued, running or due (later runs of schedules do not count)',
      ).default(false),
    )
    .addOption(new Option('--read-only', 'show the screens, but allow no actions').default(false))
    .addOption(new Option('--ascii', 'draw the screens without box-drawing characters').default(false))
}

/**
 * Runs the full-screen console on a terminal, and the headless scheduler elsewhere. Their modules
 * are loaded while the project's configuration is being read.
 */
async function show(
  open: () => Promise<Project>,
  flags: ShowFlags,
  start?: (session: OpenProject) => Promise<void>,
): Promise<ExitCode> {
  const whenScheduling = start === undefined ? {} : { whenScheduling: start }
  const terminal = process.stdin.isTTY && process.stdout.isTTY && process.env['TERM'] !== 'dumb'
  const screens = flags.tui && terminal && !flags.json
  if (flags.readOnly && !screens) {
    throw new AutomateError(
      'usage',
      '--read-only needs the screens, and the screens need a terminal. To watch without a terminal, run "automate-tui status" or "automate-tui logs -f".',
    )
  }
  limitMalloc()
  const opening = open()
  if (!flags.readOnly) prewarmThread()
  if (screens) {
    const [project, { runFullScreen }] = await Promise.all([opening, import('../commands/console.ts')])
    return runFullScreen(project, { ...flags, ...whenScheduling })
  }
  const [project, { runHeadless }] = await Promise.all([opening, import('../commands/headless.ts')])
  if (flags.tui && !terminal) process.stderr.write(`${wordsOf(project).commands.noTerminal}\n`)
  // Without a terminal no key can end the demo, so it ends when its jobs have ended.
  const untilIdle = flags.untilIdle || (start !== undefined && flags.tui && !terminal)
  return runHeadless(project, { json: flags.json, untilIdle, ...whenScheduling })
}

/**
 * Adds the command that schedulers of other versions call before they restart into this version.
 * Its name and options must not change.
 */
function addCheckStart(program: Command): void {
  program
    .command('check-start', { hidden: true })
    .description('check that a scheduler of this version could start in the project')
    .requiredOption('--migrations <n>', 'number of migrations that the database may have', Number)
    .action(async (own: { migrations: number }, command: Command) => {
      const flags: ProjectFlags = command.optsWithGlobals()
      const { checkStart } = await import('../upgrade/check-start.ts')
      await checkStart(await openProject(flags), own.migrations)
    })
}

function addDemo(program: Command, end: End): void {
  showOptions(program.command('demo'))
    .description(
      'try automate-tui in a temporary project with a local site and bundled workflows; needs no network',
    )
    .addOption(new Option('--seed <text>', "seed for the prices of the site's products").default('1'))
    .option('--prices <file>', "JSON file with the site's prices")
    .addOption(new Option('--port <n>', 'port of the site').default('0', 'any free port'))
    .addOption(
      new Option('--site-only', 'only serve the site, for your own workflows, until Ctrl+C').default(false),
    )
    .addOption(new Option('--keep', 'keep the project and print its path').default(false))
    .action(async (_flags: unknown, command: Command) => {
      const flags: DemoFlags & ShowFlags & { siteOnly: boolean } = command.optsWithGlobals()
      const { runDemo, serveSite } = await import('../commands/demo.ts')
      if (flags.siteOnly) end(await serveSite(flags))
      else end(await runDemo(flags, (project, start) => show(() => Promise.resolve(project), flags, start)))
    })
}
