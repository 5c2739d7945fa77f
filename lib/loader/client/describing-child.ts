import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { AutomateError } from '../../core/errors/errors.ts'
import { entryPath } from '../../core/process/entry-path.ts'
import { killedChild, unstartedChild } from '../../core/errors/child-errors.ts'
import { newToken } from '../../core/ids.ts'
import type { Clock } from '../../core/time/clock.ts'
import { DescribeReply } from '../../model/loader/loader-ipc.ts'
import type { BrokenWorkflow, WorkflowDescription } from '../../model/job/workflow.ts'

/**
 * Time limit for the start of a child. Node itself starts in 0.1 s, but a machine under heavy load
 * may need much longer.
 */
const START_LIMIT_MS = 60_000

/**
 * Time between the closing of the channel and the kill of the child. A module that closes the
 * channel may also end its process, so only a process that continues needs to be killed.
 */
const GOES_ON_MS = 1_000

/**
 * Reply of a child. `lost` means that the child died or did not reply. If the child had loaded only
 * one module and no signal killed it, that module is the cause.
 */
export type Described =
  | { readonly status: 'described'; readonly description: WorkflowDescription }
  | { readonly status: 'broken'; readonly broken: BrokenWorkflow }
  | { readonly status: 'lost'; readonly error: AutomateError }

/** Failed start of a child, with the reason. */
interface LostStart {
  readonly lost: string
  readonly killedBy: NodeJS.Signals | undefined
  /** Error of the system if it could not start a process. */
  readonly unstarted: Error | undefined
}

const NAME = 'The process that reads workflows'

/**
 * Child process that loads workflow modules. Its output is discarded, and the effects of the
 * modules end with the process.
 */
export class DescribingChild {
  private readonly child: ChildProcess
  private readonly clock: Clock
  private listener: (reply: DescribeReply) => void = () => undefined
  private onEnd: (how: string) => void = () => undefined
  private ended: string | undefined
  /** Signal that killed the child; undefined if this process sent it. */
  private killedBy: NodeJS.Signals | undefined
  private unstarted: Error | undefined
  private killing = false
  private forgetChannel: () => void = () => undefined

  /**
   * Starts a child and resolves when it accepts requests. The abort signal kills the child. If a
   * process signal kills the child while it starts, it is started once more.
   * @throws `environment-unfit` if the child cannot be started.
   */
  static async start(clock: Clock, signal: AbortSignal): Promise<DescribingChild> {
    const first = await DescribingChild.tryStart(clock, signal)
    if (first instanceof DescribingChild) return first
    const second = first.killedBy === undefined ? first : await DescribingChild.tryStart(clock, signal)
    if (second instanceof DescribingChild) return second
    if (second.killedBy !== undefined) throw killedChild(NAME, second.killedBy)
    throw unstartedChild(NAME, second.unstarted ?? second.lost)
  }

  private static async tryStart(clock: Clock, signal: AbortSignal): Promise<DescribingChild | LostStart> {
    const child = new DescribingChild(clock)
    const end = () => child.kill()
    signal.addEventListener('abort', end, { once: true })
    child.child.once('exit', () => signal.removeEventListener('abort', end))
    if (signal.aborted) end()
    const lost = await child.wait(START_LIMIT_MS, reply => (reply.type === 'ready' ? null : undefined))
    const { killedBy, unstarted } = child
    return lost === null ? child : { lost, killedBy, unstarted }
  }

  private constructor(clock: Clock) {
    this.clock = clock
    this.child = fork(entryPath(import.meta.url, '../child/describe.entry'), [], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    })
    this.child.on('message', message => {
      const reply = DescribeReply.safeParse(message)
      if (reply.success) this.listener(reply.data)
    })
    this.child.once('exit', (code, signal) => {
      this.forgetChannel()
      if (signal !== null && !this.killing) this.killedBy = signal
      this.end(`exit code ${code ?? signal ?? 'unknown'}`)
    })
    this.child.once('error', error => {
      if (this.child.pid === undefined) this.unstarted = error
      this.end(error.message)
    })
    // After a module has closed the channel, no reply can arrive. A process that dies also closes
    // the channel, slightly before its exit is known.
    this.child.once('disconnect', () => {
      this.forgetChannel = clock.after(GOES_ON_MS, () => this.kill())
    })
  }

  async describe(file: string, timeoutMs: number): Promise<Described> {
    const token = newToken()
    const waiting = this.wait<Described>(timeoutMs, reply => {
      if (reply.type === 'ready' || reply.token !== token) return undefined
      return reply.type === 'described'
        ? { status: 'described', description: { ...reply.description, file } }
        : { status: 'broken', broken: { file, error: reply.error } }
    })
    if (this.child.connected) this.child.send({ type: 'describe', token, file }, () => undefined)
    const answer = await waiting
    if (typeof answer !== 'string') return answer
    if (this.killedBy !== undefined) {
      return { status: 'lost', error: killedChild(`The process that reads ${file}`, this.killedBy) }
    }
    const message = `${file} ended or blocked the process that loads it (${answer}). A workflow module must only define its workflow. Move other top-level code into a phase.`
    return { status: 'lost', error: new AutomateError('workflow-invalid', message, { facts: { file } }) }
  }

  kill(): void {
    this.killing = true
    this.child.kill('SIGKILL')
  }

  /**
   * Resolves with the value of the first reply for which `pick` returns one. If there is no such
   * reply within `ms`, resolves with a text that states the reason.
   */
  private wait<T>(ms: number, pick: (reply: DescribeReply) => T | undefined): Promise<T | string> {
    return new Promise(resolve => {
      const settle = (value: T | string) => {
        forget()
        this.listener = () => undefined
        this.onEnd = () => undefined
        resolve(value)
      }
      const forget = this.clock.after(ms, () => settle(`no response within ${ms} ms`))
      this.onEnd = settle
      this.listener = reply => {
        const value = pick(reply)
        if (value !== undefined) settle(value)
      }
      if (this.ended !== undefined) settle(this.ended)
    })
  }

  private end(how: string): void {
    this.ended ??= how
    this.onEnd(this.ended)
  }
}
