import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Test } from 'tap'
import { z } from 'zod'
import type { Json } from '../../../lib/core/errors/errors.ts'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { WorkerDocument } from '../../../lib/model/worker/documents.ts'
import { readJsonIfExistsSync } from '../../../lib/files/documents/atomic-json.ts'
import { Automate, automate } from '../program/automate.ts'
import type { AutomateEnd, AutomateOptions } from '../program/automate.ts'
import { hostedCommand, isHosted } from '../program/command-host.ts'
import { FIXTURES, fieldsAsJson, fixtureJob, isFixture } from '../builders/fixture-job.ts'
import { openProjectStore } from './project-store.ts'
import { until } from '../until.ts'

/**
 * Name of the folder of the fixtures in a project. It is the name of the folder of `FIXTURES`,
 * because crash reports name a file with its folder.
 */
const OWN = 'journeys'

interface JourneyOptions {
  readonly workers?: number
  /**
   * Names of the fixtures in the project. Each scheduler reads all of them when it starts. Default:
   * all 24.
   */
  readonly workflows?: readonly string[]
  /** Further settings of the configuration. */
  readonly settings?: Readonly<Record<string, Json>>
  /** Texts of additional files, by their paths next to the configuration. */
  readonly files?: Readonly<Record<string, string>>
}

/**
 * Separate project with the workflows of test/fixtures/journeys, used through the program alone.
 */
export class JourneyProject {
  readonly root: string
  readonly paths: ProjectPaths
  private readonly t: Pick<Test, 'teardown'>

  /** Creates the project in `root`, an empty folder. */
  constructor(t: Pick<Test, 'teardown'>, root: string, options: JourneyOptions = {}) {
    const { workers = 4, files = {}, workflows, settings = {} } = options
    this.t = t
    this.root = root
    this.paths = new ProjectPaths(this.root)
    for (const folder of ['workflows', OWN]) mkdirSync(join(this.root, folder))
    // No warm workers, because those for a job that never comes would take CPU time from the real
    // jobs.
    const config = {
      workers,
      warmWorkers: 0,
      workflows: [workflows === undefined ? FIXTURES : OWN, 'workflows'],
      ...settings,
    }
    for (const name of workflows ?? [])
      cpSync(join(FIXTURES, `${name}.ts`), join(this.root, OWN, `${name}.ts`))
    writeFileSync(join(this.root, 'automate.config.ts'), `export default ${JSON.stringify(config)}\n`)
    for (const [path, text] of Object.entries(files)) writeFileSync(join(this.root, path), text)
  }

  /** Starts the program in the project's folder. */
  start(args: readonly string[], options: AutomateOptions = {}): Automate {
    return new Automate(this.t, args, { cwd: this.root, ...options })
  }

  /** Starts the scheduler without screens. Resolves when it claims jobs. */
  async schedule(...args: readonly string[]): Promise<Automate> {
    const scheduler = this.start(['--no-tui', '--json', ...args])
    await scheduler.event('scheduling', ({ event, phase }) => event === 'scheduler' && phase === 'scheduling')
    return scheduler
  }

  /** Runs one command to its end. Commands that share a process wait for the earlier ones. */
  run(args: readonly string[], options: AutomateOptions = {}): Promise<AutomateEnd> {
    const placed = { cwd: this.root, ...options }
    return isHosted(args, placed) ? hostedCommand(args, placed) : automate(this.t, args, placed)
  }

  /** Runs one command with `--json` and parses its output. Fails if the command fails. */
  async ask<S extends z.ZodType>(schema: S, ...args: readonly string[]): Promise<z.output<S>> {
    const { code, stdout, stderr } = await this.run([...args, '--json'])
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code ?? 'a signal'}: ${stderr}`)
    return schema.parse(JSON.parse(stdout))
  }

  /**
   * Queues a job and returns its number. A fixture's job goes through the store, another job
   * through the command, in the same form.
   */
  async enqueue(workflow: string, input: Readonly<Record<string, string | number>>): Promise<number> {
    if (isFixture(workflow)) return this.queue(workflow, fieldsAsJson(input))
    const fields = Object.entries(input).flatMap(([key, value]) => ['--input', `${key}=${value}`])
    return (await this.ask(z.object({ id: z.int() }), 'enqueue', workflow, ...fields)).id
  }

  /**
   * Queues a job of a fixture through the store and returns its number. The command "enqueue" would
   * also start processes that read the configuration and the workflow.
   */
  async queue(workflow: string, input: Readonly<Record<string, Json>>): Promise<number> {
    const request = await fixtureJob(workflow, input)
    const store = await openProjectStore(this.paths, 'transient')
    try {
      return (await store.call('jobs.enqueue', request)).id
    } finally {
      await store.close()
    }
  }

  /** Returns the state documents of the workers that have a job and have not exited. */
  workers(): WorkerDocument[] {
    return readdirSync(this.paths.workerStates)
      .filter(name => name.endsWith('.json') && !name.startsWith('.'))
      .flatMap(name => readJsonIfExistsSync(join(this.paths.workerStates, name), WorkerDocument) ?? [])
      .filter(({ state, job }) => state !== 'exited' && job !== null)
  }

  profiles(): string[] {
    return readdirSync(this.paths.profiles)
  }

  /** Waits until a job's worker is in a step, and returns the worker's document at that moment. */
  atStep(jobId: number, step: string): Promise<WorkerDocument> {
    return until(`step "${step}" of job ${jobId}`, () =>
      this.workers().find(worker => worker.job?.jobId === jobId && worker.phase?.step === step),
    )
  }
}

/** Returns the name of the profile folder of a worker with a running browser. */
export function profileName({ browser }: WorkerDocument): string {
  return basename(browser?.profile ?? 'no browser')
}
