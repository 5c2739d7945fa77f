import type { Page } from 'puppeteer'
import type { z } from 'zod'
import type { Clock } from '../../core/time/clock.ts'
import { delay, raceAbort } from '../../core/time/timeout.ts'
import { durationMs } from '../../core/time/duration.ts'
import { AutomateError, messageOf } from '../../core/errors/errors.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import { BY_OPERATOR } from '../../model/notify/alarm.ts'
import type { MemberRef } from '../../model/worker/documents.ts'
import { suggestedPasswords } from '../../model/secrets/redact-schema.ts'
import type { InputOrder, WorkerCommand } from '../../model/worker/worker-command.ts'
import { formSchema } from '../../authoring/form-schema.ts'
import type { HumanFieldsOptions, HumanOptions, HumanReply } from '../../authoring/human.ts'
import { runInternal } from '../browser/cdp/internal-call.ts'
import type { OpenBrowser } from '../browser/launch/open-browser.ts'
import type { PhaseControl } from '../phases/phase-control.ts'
import type { WorkerLog } from '../worker/worker-log.ts'
import { ActivePage } from './active-page.ts'
import { InputQueue } from './input-queue.ts'
import { LivePreview } from './live-preview.ts'
import type { OrderPort } from './order-port.ts'
import { openAnswer } from './person-answer.ts'
import type { OpenWait, PhaseWaits } from './phase-waits.ts'

/** Longest wait for a person, after which the phase fails. */
const PERSON_LIMIT_MS = 30 * 60_000

/** Interval between checks of whether a person has done the work in a page. */
const LOOK_EVERY_MS = 500

export interface TakeoverOptions {
  readonly member: MemberRef
  /**
   * Store of orders; undefined for a worker without a store, which a person can reach only in its
   * own window.
   */
  readonly store: (() => Promise<OrderPort>) | undefined
  /** `data/state/pictures`. */
  readonly pictures: string
  readonly waits: PhaseWaits
  readonly log: WorkerLog
  readonly clock: Clock
}

type AnswerOrder = Extract<WorkerCommand, { type: 'answer' }>

/** The current question to a person. */
interface OpenQuestion extends OpenWait {
  readonly answer: (order: AnswerOrder) => void
}

/** Human takeover of a worker: `human()` prompts, operator pauses, live preview and input. */
export class Takeover {
  private readonly options: TakeoverOptions
  private browser: OpenBrowser | undefined
  private picture: LivePreview | undefined
  private inputs: InputQueue | undefined
  private front: ActivePage | undefined
  private phase: PhaseControl | undefined
  private open: OpenQuestion | undefined
  private pauseAsked = false
  private untilFailed = ''
  private pausing: Promise<void> | undefined
  private taking: Promise<void> = Promise.resolve()
  /** Settles once no question is open. */
  private asking: Promise<unknown> = Promise.resolve()
  private unsubscribe: () => void = () => undefined
  private closed = false

  constructor(options: TakeoverOptions) {
    this.options = options
  }

  /** Starts accepting orders. */
  start(browser: OpenBrowser): void {
    const { store, pictures, member, log } = this.options
    this.browser = browser
    if (store === undefined) return
    const front = new ActivePage(browser.context)
    const shared = { ...this.options, workerId: member.workerId, front }
    this.front = front
    this.picture = new LivePreview({ ...shared, folder: pictures })
    this.inputs = new InputQueue({
      ...shared,
      onVerdict: ({ id }, why) => {
        this.picture?.renew()
        if (id !== undefined) this.open?.judged(id, why)
      },
    })
    void store()
      .then(port => {
        if (this.closed) return
        this.unsubscribe = port.onWritten(['worker_commands'], () => this.takeCommands(port))
        // A request costs a commit, which would delay a short job of a reused worker.
        if (port.mayHaveOrders()) this.takeCommands(port)
      })
      .catch((error: unknown) => log.warn(`a person cannot take over this worker: ${messageOf(error)}`))
  }

  /** Begins a try of a phase. */
  beginPhase(phase: PhaseControl): void {
    this.phase = phase
  }

  /** Resolves when all waits of the phase, which is over, have ended. */
  async endPhase(): Promise<void> {
    this.phase = undefined
    await this.asking
    await this.pausing?.catch(() => undefined)
  }

  /** Stops accepting orders, and drops pending input. */
  close(): void {
    this.closed = true
    this.unsubscribe()
    this.inputs?.drop()
    this.picture?.close()
  }

  /**
   * Waits for a person whom the workflow calls. Rejects with `hard-fail` if the person refuses,
   * with `wait-timeout` if no person replies, and with `cancelled` if the try has ended.
   */
  async ask(what: string, options: HumanOptions, phase: PhaseControl): Promise<HumanReply> {
    const { log, waits } = this.options
    const timeoutMs = options.timeout === undefined ? PERSON_LIMIT_MS : durationMs(options.timeout)
    return this.inTurn(phase, async () => {
      log.info(`waiting for a person: ${what}`)
      const reply = await waits.during({ for: 'person', what, timeoutMs }, phase, (signal, wait) =>
        this.answered(wait, what, options.until, signal),
      )
      log.info(`a person has replied, so the work continues: ${reply}`)
      return reply
    })
  }

  /**
   * Waits for values from a person. A missing or wrong reply is logged without its content, and the
   * wait continues. Rejects as `ask` does.
   */
  async askFor<F extends z.ZodObject>(
    what: string,
    { fields, timeout }: HumanFieldsOptions<F>,
    phase: PhaseControl,
  ): Promise<z.output<F>> {
    const { log, waits, member } = this.options
    const timeoutMs = timeout === undefined ? PERSON_LIMIT_MS : durationMs(timeout)
    const schema = formSchema(fields, `The form of human("${what}")`)
    knownSecrets.add(suggestedPasswords(schema))
    const wait = { for: 'person', what, fields: schema, timeoutMs } as const
    return this.inTurn(phase, async () => {
      log.info(`waiting for a person: ${what}`)
      const personAnswer = await waits.during(wait, phase, (signal, open) => {
        const { promise, resolve, reject } = Promise.withResolvers<z.output<F>>()
        const answer = ({ answer, reason, sealed, id }: AnswerOrder) => {
          if (answer === 'fail') {
            open.take(id)
            reject(refusal(what, reason))
            return
          }
          const text = answer === 'resume' ? sealed : undefined
          const opened = openAnswer(fields, schema, text, member.workerId)
          if ('value' in opened) {
            open.take(id)
            resolve(opened.value)
            return
          }
          log.warn(`the answer to "${what}" was rejected: ${opened.problem}`)
          open.refuse(opened.problem)
        }
        return this.whileOpen({ ...open, answer }, promise, signal)
      })
      log.info('a person has answered, so the work continues')
      return personAnswer
    })
  }

  private get pausePending(): boolean {
    return this.pauseAsked && this.open === undefined && this.phase?.over.aborted === false
  }

  /**
   * Returns a promise that the author's next action has to await while the operator's pause lasts,
   * or if a pause has been requested; undefined if the action may begin. All waiting actions
   * continue together. If the phase ends during the pause, they are rejected, and the next phase is
   * paused.
   */
  pausePoint(): Promise<void> | undefined {
    if (!this.pausePending && this.pausing === undefined) return undefined
    this.pausing ??= this.waitForOperator().finally(() => {
      this.pausing = undefined
    })
    return this.pausing
  }

  private async waitForOperator(): Promise<void> {
    const { phase, options } = this
    if (phase === undefined) return
    this.pauseAsked = false
    try {
      await this.inTurn(phase, async () => {
        options.log.info('paused by the operator')
        const wait = { for: 'operator', what: '', timeoutMs: PERSON_LIMIT_MS } as const
        await options.waits.during(wait, phase, (signal, open) => this.answered(open, '', undefined, signal))
        options.log.info('resumed by the operator')
      })
    } catch (error) {
      if (phase.over.aborted) this.pauseAsked = true
      throw error
    }
  }

  /**
   * Asks one question after the other, because a phase can ask several at the same time, and a
   * person sees and answers one. Rejects without the question if the phase is over by then.
   */
  private inTurn<T>(phase: PhaseControl, ask: () => Promise<T>): Promise<T> {
    const asked = this.asking.then(() => {
      phase.over.throwIfAborted()
      return ask()
    })
    this.asking = asked.catch(() => undefined)
    return asked
  }

  /** Accepts replies to a question until the first valid one, or until the wait is over. */
  private async whileOpen<T>(question: OpenQuestion, answered: Promise<T>, signal: AbortSignal): Promise<T> {
    this.open = question
    if (this.browser !== undefined) this.front?.calledTo(this.browser.page)
    try {
      return await raceAbort(answered, signal)
    } finally {
      if (this.open === question) this.open = undefined
      this.inputs?.drop()
    }
  }

  private answered(
    open: OpenWait,
    what: string,
    until: HumanOptions['until'],
    signal: AbortSignal,
  ): Promise<HumanReply> {
    const { promise, resolve, reject } = Promise.withResolvers<HumanReply>()
    const answer = ({ answer, reason, id }: AnswerOrder) => {
      open.take(id)
      if (answer === 'fail') reject(refusal(what, reason))
      else resolve(answer === 'skip' ? 'skipped' : 'done')
    }
    const met = until === undefined ? promise : this.waitForCondition(until, signal)
    return this.whileOpen({ ...open, answer }, Promise.race([promise, met]), signal)
  }

  /**
   * Polls the page until it meets the condition of the call. A navigating page meets no condition
   * yet.
   */
  private async waitForCondition(
    until: NonNullable<HumanOptions['until']>,
    signal: AbortSignal,
  ): Promise<HumanReply> {
    const { clock } = this.options
    const page = this.browser?.page
    for (;;) {
      if (await this.isMet(until, page)) return 'done'
      await delay(LOOK_EVERY_MS, clock, signal)
      signal.throwIfAborted()
    }
  }

  /**
   * True if the condition is met. An error, such as that of a navigating page, means that it is not
   * met yet.
   */
  private async isMet(until: NonNullable<HumanOptions['until']>, page: Page | undefined): Promise<boolean> {
    try {
      if (typeof until === 'function') return await until()
      return page !== undefined && (await runInternal(() => page.$(until))) !== null
    } catch (error) {
      if (this.untilFailed !== messageOf(error)) this.options.log.warn(`until: ${messageOf(error)}`)
      this.untilFailed = messageOf(error)
      return false
    }
  }

  private takeCommands(port: OrderPort): void {
    this.taking = this.taking
      .then(async () => {
        const orders = await port.call('worker-commands.take', { workerId: this.options.member.workerId })
        for (const order of orders) if (!this.closed) this.handle(order)
      })
      .catch((error: unknown) => {
        if (!this.closed) this.options.log.warn(`a person's command failed: ${messageOf(error)}`)
      })
  }

  private handle(order: WorkerCommand): void {
    switch (order.type) {
      case 'pause':
        this.pauseAsked ||= this.open === undefined
        return
      case 'answer':
        void this.answer(order)
        return
      case 'look':
        this.picture?.show(order)
        return
      case 'picture':
        void this.picture?.keep(order.name)
        return
      case 'click':
      case 'key':
      case 'text':
        this.act(order)
        return
      case 'close':
      // Only a browser that a failure left open is closed by this order.
    }
  }

  /**
   * Handles a reply once the page has processed the person's earlier inputs. A refusal does not
   * wait for these inputs.
   */
  private async answer(order: AnswerOrder): Promise<void> {
    this.inputs?.endText()
    if (order.answer !== 'fail') await this.inputs?.settled()
    if (this.open?.id === order.waitingId) this.open.answer(order)
  }

  /**
   * Adds an input if its order names the current wait, because concurrent inputs of two people
   * would be confusing.
   */
  private act(order: InputOrder): void {
    if (this.open?.id === order.waitingId) this.inputs?.add(order)
  }
}

function refusal(what: string, reason: string): AutomateError {
  const asked = what === '' ? 'The operator ended the phase' : `A person refused "${what}"`
  return new AutomateError('hard-fail', `${asked}: ${reason === '' ? 'no reason was given' : reason}.`, {
    facts: { asked: what, reason, ...BY_OPERATOR },
  })
}
