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
    .option('--workers <n>', 'number of workers for the job')
    .option('--priority <n>', 'priority of the job, from -100 to 100; higher runs first')
    .option('--key <text>', 'key that only one unfinished job may have')
    .option('--after <job>', 'wait until that job has ended; repeatable', repeated, [])
    .option('--if-failed <what>', 'if a job that it waits for fails: "cancel" (the default) or "run"')
    .option('--proxy <which>', '"none", "any", or a proxy from "automate-tui proxies"')
    .option('--proxy-key <text>', 'with the rotation "sticky", jobs with the same key use the same proxy')
    .option('--json', 'print JSON', false)
}

type JobCommandFlags = CommandFlags & JobFlags

/**
 * Returns the flags of a command. `--workers` after the command's name is the number of the job's
 * workers. Before the name it is the maximum number of workers in the project.
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

/** Registers the commands that queue, run and change jobs. */
export function addJobs(program: Command, end: End): void {
  jobOptions(program.command('run <workflow>'))
    .description('queue one job, show its phases, wait for its end and print its result')
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
    .description('list jobs, newest first, or show one job with its input and result')
    .option('--state <state>', 'only jobs in this state')
    .option('--dead', 'only failed and parked jobs, which "retry --all" queues again', false)
    .option('--workflow <workflow>', 'only jobs of this workflow')
    .option('--limit <n>', 'maximum number of jobs (default: 200)')
    .option('--json', 'print JSON', false)
    .action(async (id: string | undefined, _flags: unknown, command: Command) => {
      const flags: CommandFlags & JobFilter = command.optsWithGlobals()
      const { listJobs, showJob } = await import('../../commands/jobs.ts')
      end(await (id === undefined ? listJobs(flags, flags, flags.json) : showJob(flags, id, flags.json)))
    })
  program
    .command('depend <job> <others...>')
    .description('make a queued job wait until other jobs have ended')
    .option('--json', 'print JSON', false)
    .action(async (id: string, others: string[], _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { waitForJobs } = await import('../../commands/jobs.ts')
      end(await waitForJobs(flags, id, others, flags.json))
    })
  program
    .command('priority <job> <priority>')
    .description('set the priority of a waiting job, from -100 to 100; higher runs first')
    .option('--json', 'print JSON', false)
    .action(async (id: string, priority: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { prioritiseJob } = await import('../../commands/priority.ts')
      end(await prioritiseJob(flags, id, priority, flags.json))
    })
  program
    .command('cancel <job>')
    .description('cancel a waiting or running job')
    .option('--json', 'print JSON', false)
    .action(async (id: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { cancelJob } = await import('../../commands/jobs.ts')
      end(await cancelJob(flags, id, flags.json))
    })
  program
    .command('retry [job]')
    .description('queue a failed, cancelled or parked job again, or all failed and parked jobs')
    .option('--all', 'all jobs that "jobs --dead" lists without a limit', false)
    .option('--workflow <workflow>', 'with --all: only jobs of this workflow')
    .option('--json', 'print JSON', false)
    .action(async (id: string | undefined, _flags: unknown, command: Command) => {
      const flags: CommandFlags & { all: boolean; workflow?: string } = command.optsWithGlobals()
      if (flags.all === (id !== undefined)) {
        throw new AutomateError('usage', 'retry needs either a job number or --all.')
      }
      if (id !== undefined && flags.workflow !== undefined) {
        throw new AutomateError(
          'usage',
          '--workflow needs --all, because a single job has only one workflow.',
        )
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
    .description('run a workflow in the foreground, without a scheduler, to develop or debug it')
  inputOptions(worker)
    .option('--trace', 'record a trace', false)
    .option('--proxy <which>', '"none", "any", or a proxy from "automate-tui proxies"')
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
