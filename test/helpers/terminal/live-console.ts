import { spawn as spawnProcess } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import type { Json } from '../../../lib/core/errors/errors.ts'
import { WorkerDocument } from '../../../lib/model/worker/documents.ts'
import type { Job, JobState } from '../../../lib/model/job/job.ts'
import { readJsonIfExistsSync } from '../../../lib/files/documents/atomic-json.ts'
import { identifyProcess, sameProcessAlive } from '../../../lib/platform/process/process-identity.ts'
import type { ProcessIdentity } from '../../../lib/model/worker/process-identity.ts'
import { readProcessTable, withDescendants } from '../../../lib/platform/process/process-table.ts'
import type { Store } from '../../../lib/store/store.ts'
import { PROGRAM } from '../program/built-program.ts'
import { newFolder } from '../store/project.ts'
import { openProjectStore } from '../store/project-store.ts'
import { spawn } from './terminal.ts'
import type { TerminalDriver } from './terminal.ts'
import { betweenSettings, restored, restoredWithoutShell } from './terminal-shell.ts'
import { until } from '../until.ts'
import { fixtureWorkflow } from '../processes/worker-run.ts'

export const POSIX = process.platform !== 'win32'

const ENVIRONMENT = {
  LC_ALL: 'en_GB.UTF-8',
  NO_COLOR: undefined,
  TMUX: undefined,
  AUTOMATE_LANGUAGE: undefined,
}

/** Project of fixture workflows with its store, as another program sees them. */
export class LiveProject {
  readonly root = newFolder()
  readonly paths = new ProjectPaths(this.root)

  constructor(...workflows: readonly string[]) {
    this.configure("export default { workers: 2, loadTimeout: '8s' }")
    mkdirSync(this.paths.workflows)
    for (const name of workflows) {
      copyFileSync(fixtureWorkflow(name), join(this.paths.workflows, `${name}.ts`))
    }
  }

  /** Writes the configuration again. */
  configure(text: string): void {
    writeFileSync(join(this.root, 'automate.config.js'), `${text}\n`)
  }

  /** Returns the file that opens the gate of a `waits-for-a-file` job. */
  gate(number: number): string {
    return join(this.root, `gate-${number}`)
  }

  openGate(number: number): void {
    writeFileSync(this.gate(number), '')
  }

  async withStore<T>(use: (store: Store) => Promise<T>): Promise<T> {
    const store = await openProjectStore(this.paths, 'transient')
    try {
      return await use(store)
    } finally {
      await store.close()
    }
  }

  enqueue(workflow: string, input: Json = {}): Promise<number> {
    return this.withStore(async store => {
      const { id } = await store.call('jobs.enqueue', {
        workflow,
        input,
        workers: 1,
        retries: 0,
        origin: 'test',
      })
      return id
    })
  }

  /** Queues a job that waits for the gate of this number. */
  enqueueGated(gate: number): Promise<number> {
    return this.enqueue('waits-for-a-file', { gate: this.gate(gate) })
  }

  async job(id: number): Promise<Job> {
    const job = await this.withStore(store => store.call('jobs.read', { id }))
    if (job === null) throw new Error(`There is no job ${id}.`)
    return job
  }

  /** Waits until a worker has reached its gate. */
  async untilAtGate(): Promise<void> {
    await until('a worker at its gate', () =>
      readdirSync(this.paths.workerStates)
        .filter(name => /^w.*\.json$/.test(name))
        .some(name => {
          const document = readJsonIfExistsSync(join(this.paths.workerStates, name), WorkerDocument)
          return document?.phase?.step === 'gate'
        }),
    )
  }

  untilJob(id: number, state: JobState): Promise<Job> {
    return until(`job ${id} ${state}`, async () => {
      const job = await this.job(id)
      return job.state === state ? job : false
    })
  }
}

/** Processes that a test watches until they end. */
export class Processes {
  private readonly seen: ProcessIdentity[] = []

  /** Adds a process and all its present descendants. */
  see(root: number): this {
    const found = POSIX ? [...withDescendants(readProcessTable(), new Set([root]))] : [root]
    for (const pid of found) {
      const identity = identifyProcess(pid)
      if (identity !== undefined) this.seen.push(identity)
    }
    return this
  }

  get count(): number {
    return this.seen.length
  }

  get alive(): number[] {
    return this.seen.filter(sameProcessAlive).map(({ pid }) => pid)
  }

  async untilGone(): Promise<void> {
    await until(`the end of ${this.alive.join(', ')}`, () => this.alive.length === 0)
  }

  /** Ends the remaining processes of a failed test. */
  end(): void {
    for (const pid of this.alive) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // The process ended in between.
      }
    }
  }
}

/** The real program in a real pseudo-terminal, between two prints of the terminal's settings. */
export class LiveConsole {
  readonly terminal: TerminalDriver
  readonly processes = new Processes()

  /** Starts the console. `program` is another copy of the program. */
  constructor(
    t: Pick<Test, 'teardown'>,
    args: readonly string[],
    size: Size,
    env: Environment = {},
    program = PROGRAM,
  ) {
    const [cols, rows] = size
    const options = { cols, rows, env: { ...ENVIRONMENT, ...env } }
    const words = [process.execPath, program, ...args]
    const line = betweenSettings(words)
    this.terminal = POSIX
      ? spawn('/bin/sh', ['-c', line], options)
      : spawn(process.execPath, [program, ...args], options)
    t.teardown(() => {
      this.look()
      this.terminal.close()
      this.processes.end()
    })
  }

  /** Records the present processes, so that a test can wait for their end. */
  look(): this {
    this.processes.see(this.terminal.pid)
    return this
  }

  press(...keys: readonly string[]): void {
    for (const key of keys) this.terminal.press(key)
  }

  see(what: string | RegExp | ((rows: string[]) => boolean)): Promise<string[]> {
    return this.terminal.waitFor(what)
  }

  /** Presses keys and waits for their effect. */
  async pressed(keys: readonly string[], what: string | RegExp): Promise<string[]> {
    this.press(...keys)
    return this.see(what)
  }

  /**
   * Shows the dashboard and waits until it shows nothing running, because then quitting does not
   * ask.
   */
  async idle(): Promise<void> {
    this.press('1')
    await this.see(/running +0[^]*Workers ─+ 0\/\d+ ─/)
  }

  /** Ends the shell of a program that was killed and did not restore the terminal. */
  endShell(): void {
    if (POSIX) this.terminal.press('C-j')
  }

  /** Waits for the end. Then the terminal is restored and no process remains. */
  async ended(t: Test, code = 0): Promise<void> {
    await (POSIX ? restored : restoredWithoutShell)(t, this.terminal, code)
    await this.processes.untilGone()
  }
}

export type Size = readonly [cols: number, rows: number]
export type Environment = Readonly<Record<string, string | undefined>>

/** Opens a console in a project. */
export function openConsole(
  t: Pick<Test, 'teardown'>,
  project: LiveProject,
  size: Size,
  more: { readonly args?: readonly string[]; readonly env?: Environment } = {},
): LiveConsole {
  return new LiveConsole(t, ['--root', project.root, ...(more.args ?? [])], size, more.env)
}

/** Starts the scheduler without screens in its own process. */
export function startHeadless(t: Pick<Test, 'teardown'>, project: LiveProject) {
  const child = spawnProcess(process.execPath, [PROGRAM, '--no-tui', '--root', project.root], {
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const processes = new Processes()
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const exited = new Promise<number | null>(resolve => child.on('exit', resolve))
  const { pid } = child
  if (pid === undefined) throw new Error('The scheduler did not start.')
  t.teardown(() => {
    processes.see(pid).end()
  })
  return {
    pid,
    processes,
    exited,
    says: (text: string) => until(`"${text}" in the lines`, () => output.includes(text)),
    stop: () => child.kill('SIGTERM'),
  }
}
