import type { Command } from 'commander'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import type { JobFilter } from '../../commands/jobs.ts'
import type { JobFlags } from '../../job-flags.ts'
import { printRefusal } from '../../output/output.ts'
import { openProject } from '../../../lib/app/project/project.ts'
import { inputOptions, repeated } from './input-options.ts'
import type { CommandFlags, End } from './command-flags.ts'

function jobOptions(command: Command): Command {
  return inputOptions(command)
    .option('--workers <n>', 'how many workers the job gets')
    .option('--priority <n>', 'from -100 to 100; higher goes first')
    .option('--key <text>', 'only one unfinished job may have it')
    .option('--after <job>', 'wait until that job has ended; may be repeated', repeated, [])
    .option('--if-failed <what>', 'when a job that it waits for fails: "cancel" (the default) or "run"')
    .option('--proxy <which>', '"none", "any", or one that "automate-tui proxies" lists')
    .option('--proxy-key <text>', 'jobs with the same one keep the same proxy, with the rotation "sticky"')
    .option('--json', 'print JSON', false)
}

type JobCommandFlags = CommandFlags & JobFlags

/**
 * Returns the flags of a command. `--workers` after a command is the number of the job's workers;
 * before it, the project's limit of workers.
 */
function flagsOf(command: Command): { flags: JobCommandFlags; job: JobFlags } {
  const flags: JobCommandFlags = command.optsWithGlobals()
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

/** Adds the commands that queue jobs, run them, and change them. */
export function addJobs(program: Command, end: End): void {
  jobOptions(program.command('run <workflow>'))
    .description('queue one job, show its phases, wait for its end, print its result')
    .action(async (workflow: string, _flags: unknown, command: Command) => {
      const { flags, job } = flagsOf(command)
      const { runJob } = await import('../../commands/run.ts')
      end(await runJob(await openProject(flags), workflow, job, flags.json))
    })
  jobOptions(program.command('enqueue <workflow>'))
    .description('queue one job')
    .action(async (workflow: string, _flags: unknown, command: Command) => {
      const { flags, job } = flagsOf(command)
      const { enqueueJob } = await import('../../commands/jobs.ts')
      end(await enqueueJob(flags, workflow, job, flags.json))
    })
  program
    .command('jobs [job]')
    .description('list jobs, newest first, or show one with its input and result')
    .option('--state <state>', 'only jobs in this state')
    .option('--dead', 'only jobs that failed or are parked: "retry --all" queues them again', false)
    .option('--workflow <workflow>', 'only jobs of this workflow')
    .option('--limit <n>', 'how many at most, the newest first (default: 200)')
    .option('--json', 'print JSON', false)
    .action(async (id: string | undefined, _flags: unknown, command: Command) => {
      const flags: CommandFlags & JobFilter = command.optsWithGlobals()
      const { listJobs, showJob } = await import('../../commands/jobs.ts')
      end(await (id === undefined ? listJobs(flags, flags, flags.json) : showJob(flags, id, flags.json)))
    })
  program
    .command('depend <job> <others...>')
    .description('let a queued job wait until other jobs have ended')
    .option('--json', 'print JSON', false)
    .action(async (id: string, others: string[], _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { waitForJobs } = await import('../../commands/jobs.ts')
      end(await waitForJobs(flags, id, others, flags.json))
    })
  program
    .command('priority <job> <priority>')
    .description('let a waiting job go sooner or later: from -100 to 100; higher goes first')
    .option('--json', 'print JSON', false)
    .action(async (id: string, priority: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { prioritiseJob } = await import('../../commands/priority.ts')
      end(await prioritiseJob(flags, id, priority, flags.json))
    })
  program
    .command('cancel <job>')
    .description('cancel a job, running or not')
    .option('--json', 'print JSON', false)
    .action(async (id: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { cancelJob } = await import('../../commands/jobs.ts')
      end(await cancelJob(flags, id, flags.json))
    })
  program
    .command('retry [job]')
    .description(
      'queue a job again that failed, was cancelled or is parked; or all that failed or are parked',
    )
    .option('--all', 'all that "jobs --dead" would list without a limit', false)
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
      const { retryDead, retryJob } = await import('../../commands/jobs.ts')
      end(
        await (id === undefined
          ? retryDead(flags, flags.workflow, flags.json)
          : retryJob(flags, id, flags.json)),
      )
    })
  const worker = program
    .command('worker <workflow>')
    .description('run a workflow in the foreground, without scheduler and console: for authors and debuggers')
  inputOptions(worker)
    .option('--trace', 'leave a trace of what it did', false)
    .option('--proxy <which>', '"none", "any", or one that "automate-tui proxies" lists')
    .option('--json', 'print JSON', false)
    .action(async (workflow: string, own: { trace: boolean }, command: Command) => {
      const { flags, job } = flagsOf(command)
      const { runWorker } = await import('../../commands/worker.ts')
      try {
        end(await runWorker(await openProject(flags), workflow, { ...job, trace: own.trace }, flags.json))
      } catch (error) {
        if (flags.json) printRefusal(error)
        throw error
      }
    })
}
