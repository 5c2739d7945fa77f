import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newProfileName } from '../../../lib/core/ids.ts'
import { ProjectPaths, dayName } from '../../../lib/core/process/paths.ts'
import { PROGRAM } from '../../../lib/core/process/program.ts'
import type { Json } from '../../../lib/core/errors/errors.ts'
import { DEFAULT_JOB_LIMITS } from '../../../lib/model/job/job-limits.ts'
import {
  CrashDocument,
  LaunchProfile,
  OutcomeDocument,
  WorkerDocument,
} from '../../../lib/model/worker/documents.ts'
import type { Assignment, LaunchDocument } from '../../../lib/model/worker/documents.ts'
import type { Isolation } from '../../../lib/model/job/workflow.ts'
import type { TraceSettings } from '../../../lib/model/trace/trace-settings.ts'
import type { WorkerSecrets } from '../../../lib/model/worker/worker-secrets.ts'
import { secretsBeside, writeSecrets } from '../../../lib/files/secrets-file.ts'
import type { ToWorker } from '../../../lib/model/worker/worker-ipc.ts'
import {
  readJsonIfExistsSync,
  readJsonSync,
  writeJsonSync,
} from '../../../lib/files/documents/atomic-json.ts'
import type { Store } from '../../../lib/store/store.ts'
import { requireBrowser } from '../../../lib/execution/browser/find/find-browser.ts'
import { openProjectStore } from '../store/project-store.ts'
import { until } from '../until.ts'

/** Path of the worker's entry module. */
export const WORKER = fileURLToPath(new URL('../../../lib/execution/worker/worker.entry.ts', import.meta.url))

/** Returns the launch profile of this machine's browser. */
export function testBrowser(): LaunchProfile {
  const { path, kind } = requireBrowser()
  const limits = DEFAULT_JOB_LIMITS
  return { executable: path, kind, headless: true, extraArgs: [], cdp: 'pipe', proxyServer: null, limits }
}

export const fixtureWorkflow = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/workflows/${name}.ts`, import.meta.url))

export interface WorkerOptions {
  readonly root: string
  /** Name of a fixture workflow, or path of a file. */
  readonly workflow: string
  readonly input?: Json
  readonly jobId?: number
  readonly member?: number
  readonly members?: number
  readonly launch?: Partial<LaunchProfile>
  readonly abortGraceMs?: number
  readonly trace?: TraceSettings
  readonly isolation?: Isolation
  /** Secrets of the worker. */
  readonly access?: WorkerSecrets
}

export interface WorkerExit {
  readonly code: number | null
  readonly signal: string | null
}

/** Worker process, started as the scheduler starts workers. */
export class WorkerRun {
  readonly child: ChildProcess
  readonly exited: Promise<WorkerExit>
  readonly paths: ProjectPaths
  readonly workerId: string
  private readonly assignment: Assignment
  /** Opens the project's store, claims the job in it, and forks the worker. */
  static async start(options: WorkerOptions): Promise<WorkerRun> {
    const { root, jobId = 7 } = options
    const paths = new ProjectPaths(root)
    const store = await openProjectStore(paths, 'scheduler')
    const request = { workflow: 'fixture', input: {}, workers: 1, retries: 0, origin: 'test' }
    for (let last = 0; last < jobId;) last = (await store.call('jobs.enqueue', request)).id
    await store.call('jobs.claim', { id: jobId })
    return new WorkerRun(options, paths, store)
  }

  private constructor(options: WorkerOptions, paths: ProjectPaths, store: Store) {
    const { root, workflow, input = {}, jobId = 7, member = 1, members = 1 } = options
    this.paths = paths
    this.workerId = `w${jobId}x${member}`
    const assignment: Assignment = {
      kind: 'assignment',
      version: 2,
      workerId: this.workerId,
      jobId,
      attempt: 1,
      member,
      members,
      workflow: 'fixture',
      file: workflow.includes('/') || workflow.includes('\\') ? workflow : fixtureWorkflow(workflow),
      input,
      isolation: options.isolation ?? 'process',
      start: 'cold',
      proxy: null,
      abortGraceMs: options.abortGraceMs ?? 500,
      trace: options.trace ?? { keep: 'off', limitBytes: 50_000_000 },
    }
    this.assignment = assignment
    const launch: LaunchDocument = {
      kind: 'launch',
      program: PROGRAM,
      version: 1,
      workerId: this.workerId,
      root,
      launch: LaunchProfile.parse({ ...testBrowser(), ...options.launch }),
      profile: newProfileName(),
    }
    const file = join(this.paths.assignments, `${this.workerId}.launch.json`)
    writeJsonSync(file, launch)
    if (options.access !== undefined) writeSecrets(secretsBeside(file), options.access)
    writeJsonSync(join(this.paths.assignments, `${this.workerId}.json`), assignment)
    this.child = fork(WORKER, ['--launch', file, '--supervised'], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const exited = new Promise<WorkerExit>(resolve =>
      this.child.once('exit', (code, signal) => resolve({ code, signal })),
    )
    this.exited = exited.then(async exit => {
      await store.close()
      return exit
    })
  }

  tell(message: ToWorker): void {
    this.child.send(message)
  }

  /**
   * Assigns another job to the worker after it has reported that the last one is done, as the
   * scheduler does. The store does not know this job.
   */
  give(jobId: number, input: Json): void {
    const assignment = { ...this.assignment, jobId, input, start: 'reused' } satisfies Assignment
    writeJsonSync(join(this.paths.assignments, `${this.workerId}.json`), assignment)
    this.tell({ type: 'wake' })
  }

  /** Waits until the worker has ended a job, including the cleanup. Returns the job's outcome. */
  async endOf(jobId: number): Promise<OutcomeDocument> {
    const outcome = await until(`the outcome of job ${jobId}`, () => {
      const said = this.outcome()
      return said?.jobId === jobId ? said : undefined
    })
    await until('an idle worker', () => this.state()?.state === 'idle')
    return outcome
  }

  state(): WorkerDocument | undefined {
    return readJsonIfExistsSync(join(this.paths.workerStates, `${this.workerId}.json`), WorkerDocument)
  }

  /** Waits until the worker reports this step, and resolves with its state at that moment. */
  atStep(step: string): Promise<WorkerDocument> {
    return until(`the step "${step}"`, () => {
      const state = this.state()
      return state?.phase?.step === step ? state : undefined
    })
  }

  outcome(): OutcomeDocument | undefined {
    return readJsonIfExistsSync(join(this.paths.results, `${this.workerId}.json`), OutcomeDocument)
  }

  crashes(): CrashDocument[] {
    return readdirSync(this.paths.crashes)
      .filter(name => name.startsWith('job_') && name.endsWith('.json'))
      .map(name => readJsonSync(join(this.paths.crashes, name), CrashDocument))
  }

  log(): string {
    return readFileSync(join(this.paths.root, this.state()?.log ?? ''), 'utf8')
  }

  /** Returns the worker's log of one of its jobs. */
  logOf(jobId: number): string {
    const folder = join(this.paths.root, 'logs', dayName(new Date()), 'workers')
    const names = readdirSync(folder).filter(name => name.startsWith(`job_${jobId}_`))
    return names.map(name => readFileSync(join(folder, name), 'utf8')).join('')
  }

  /** Returns the file names in today's log folder of this kind. */
  artefacts(kind: 'chrome' | 'screenshots'): string[] {
    return readdirSync(join(this.paths.root, 'logs', dayName(new Date()), kind))
  }

  /** Returns the files in today's folder of crash dumps. */
  crashDumps(): string[] {
    const folder = join(this.paths.root, 'logs', dayName(new Date()), 'crashdumps')
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
  }

  profiles(): string[] {
    return readdirSync(this.paths.profiles)
  }
}

/** True if a process is alive. A zombie counts as dead, although it has not been reaped yet. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  if (process.platform !== 'linux') return true
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

export interface GatedSite {
  readonly url: string
  /** Returns true if a request for the path is waiting. */
  readonly waits: (path: string) => boolean
  /** Responds to the request for a path, as soon as the request has arrived. */
  readonly open: (path: string) => Promise<void>
  readonly close: () => void
}

/**
 * Starts a site that holds each request with "gate" in its path until the test opens the gate. All
 * other requests get a response at once.
 */
export async function gatedSite(html: string): Promise<GatedSite> {
  const waiting = new Map<string, ServerResponse>()
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname
    response.setHeader('content-type', 'text/html')
    if (!path.includes('gate')) {
      response.end(html)
      return
    }
    waiting.set(path, response)
    // If the client closes the request, its gate must no longer count as waiting.
    response.once('close', () => {
      if (waiting.get(path) === response) waiting.delete(path)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the site has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    open: async path => {
      const response = await until(`a request for ${path}`, () => waiting.get(path))
      waiting.delete(path)
      response.end(html)
    },
    waits: path => waiting.has(path),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
