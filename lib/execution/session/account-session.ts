import type { Page } from 'puppeteer'
import type { Clock } from '../../core/time/clock.ts'
import { raceAbort, withTimeout } from '../../core/time/timeout.ts'
import { AutomateError, isAutomateError, messageOf } from '../../core/errors/errors.ts'
import { seal, unseal } from '../../core/seal.ts'
import { accountName } from '../../model/worker/account.ts'
import type { AccountRef } from '../../model/worker/account.ts'
import type { MemberRef } from '../../model/worker/documents.ts'
import { userKey } from '../../files/user-key.ts'
import type { LoginPlan } from '../../authoring/workflow-runtime.ts'
import type { OpenBrowser } from '../browser/launch/open-browser.ts'
import { nextChange } from '../coordination/next-change.ts'
import type { PhaseControl } from '../phases/phase-control.ts'
import type { StopRequest } from '../stop-request.ts'
import type { PhaseWaits } from '../takeover/phase-waits.ts'
import type { WorkerLog } from '../worker/worker-log.ts'
import { BrowserState, clearBrowserState, readBrowserState, restoreBrowserState } from './browser-state.ts'
import type { UnsavedRecords } from './browser-state.ts'
import { LoginOrigins, leftText } from './login-origins.ts'
import { loginText, unsavedText } from './login-text.ts'
import type { SessionPort } from './session-port.ts'
import { cookiesLeftText } from './third-party-cookies.ts'

/** As long as a person may take: a job of the account may be waiting for one. */
const ACCOUNT_WAIT_MS = 60 * 60_000

/** Reading it has limits of its own; the browser and the store may be held up as well. */
const KEEP_LIMIT_MS = 10_000

export interface AccountOptions {
  readonly member: MemberRef
  /** The store; undefined for a worker that runs without one: it logs in afresh and keeps nothing. */
  readonly store: (() => Promise<SessionPort>) | undefined
  readonly waits: PhaseWaits
  readonly stop: StopRequest
  readonly log: WorkerLog
  readonly clock: Clock
}

interface Lease {
  readonly port: SessionPort
  readonly ref: AccountRef
  readonly fence: number
}

/** The account that one worker uses for one job: its turn, its saved login, and what becomes of that. */
export class AccountSession {
  private readonly options: AccountOptions
  private readonly parts = new LoginOrigins()
  /** As it was restored or saved last. */
  private state: BrowserState | undefined
  private lease: Lease | undefined
  private restored = false
  private saved = false

  constructor(options: AccountOptions) {
    this.options = options
  }

  /**
   * Waits for the account, then brings the browser into its saved login, or logs in and saves it. Without siblings that go on meanwhile it does not wait:
   * the job gives its place to others (`account-busy`).
   */
  async open(plan: LoginPlan, browser: OpenBrowser, phase: PhaseControl): Promise<void> {
    const { log } = this.options
    const name = accountName(plan)
    this.lease = await this.takeTurn(plan, phase)
    this.follow(browser.page)
    if (await this.restore(plan, browser, phase.signal)) {
      log.info(`the saved login of ${name} is used`)
      return
    }
    phase.signal.throwIfAborted()
    log.info(`no saved login of ${name}: logging in`)
    await plan.login()
    await this.save(browser, phase.signal)
  }

  /**
   * Keeps what the site has renewed since: many give a new cookie with every visit. The job has its result already: never rejects, and is given up
   * after a while, when the browser is lost, and when the worker is asked to stop.
   */
  async keep(browser: OpenBrowser, lost: AbortSignal): Promise<void> {
    if (this.lease === undefined || !this.saved) return
    const { stop, clock, log } = this.options
    const over = new AbortController()
    const givenUp = AbortSignal.any([stop.signal, lost, over.signal])
    try {
      const saving = raceAbort(this.save(browser, givenUp), givenUp)
      await withTimeout(saving, KEEP_LIMIT_MS, 'Reading it from the browser', clock)
    } catch (error) {
      log.warn(`the login could not be saved again: ${messageOf(error)}`)
    } finally {
      over.abort()
    }
  }

  /**
   * The site says that the login has ended: what is saved of it is dropped. The error tells whether it was a saved one, for then a fresh one may do:
   * `facts.login` is `saved` or `fresh`.
   */
  async expired(thrown: unknown): Promise<unknown> {
    if (this.lease === undefined || !isAutomateError(thrown) || thrown.code !== 'session-expired')
      return thrown
    const { port, ref, fence } = this.lease
    try {
      await port.call('sessions.discard', { ...ref, fence })
      this.saved = false
    } catch (error) {
      this.options.log.warn(`the expired login could not be dropped: ${messageOf(error)}`)
    }
    const error = new AutomateError(thrown.code, thrown.message, {
      facts: { ...thrown.facts, account: accountName(ref), login: this.restored ? 'saved' : 'fresh' },
      cause: thrown.cause,
      recovery: thrown.recovery,
    })
    error.name = thrown.name
    if (thrown.stack !== undefined) error.stack = thrown.stack
    return error
  }

  /** Lets the next worker have the account. Never rejects: it is freed with the job at the latest. */
  async release(): Promise<void> {
    const { lease } = this
    this.lease = undefined
    await lease?.port
      .call('sessions.release', { workerId: this.options.member.workerId })
      .catch((error: unknown) => this.options.log.warn(`the account was not given back: ${messageOf(error)}`))
  }

  private async takeTurn(plan: LoginPlan, phase: PhaseControl): Promise<Lease | undefined> {
    const { store, waits } = this.options
    if (store === undefined) return undefined
    const port = await store()
    const ref: AccountRef = { site: plan.site, account: plan.account }
    const first = await this.ask(port, ref)
    if (first !== undefined) return first
    const { member, log, stop } = this.options
    if (member.members === 1) {
      log.info(`the account ${accountName(ref)} is in use: the job goes back to the queue until it is free`)
      stop.request('account-busy')
      throw stop.error()
    }
    log.info(`waiting for the account ${accountName(ref)}, which another worker uses`)
    const wait = { for: 'account', what: accountName(ref), timeoutMs: ACCOUNT_WAIT_MS } as const
    // A lease ends with its job, too.
    const listen = (listener: () => void) => port.onWritten(['sessions', 'jobs'], listener)
    return waits.during(wait, phase, async signal => {
      for (;;) {
        signal.throwIfAborted()
        // Listening begins before the question, so that a change between the two is not missed.
        const changed = nextChange(listen, this.options.clock, signal)
        try {
          const lease = await this.ask(port, ref)
          if (lease !== undefined) return lease
          await changed.wait()
        } finally {
          changed.forget()
        }
      }
    })
  }

  private async ask(port: SessionPort, ref: AccountRef): Promise<Lease | undefined> {
    const { workerId, jobId, attempt, members } = this.options.member
    const sole = members === 1
    const turn = await port.call('sessions.acquire', { ...ref, workerId, jobId, attempt, sole })
    if (turn.status === 'held') return { port, ref, fence: turn.fence }
    if (turn.status === 'waiting') return undefined
    throw new AutomateError('fenced', `Job ${jobId} has gone on without this worker's attempt ${attempt}.`, {
      facts: { jobId, attempt },
    })
  }

  /** Counts the origins that a page shows, now and later, to the login: the workflow works on it. */
  follow(page: Page): void {
    if (this.lease !== undefined) this.parts.follow(page)
  }

  private readonly onSkipped = (what: string, why: unknown) =>
    this.options.log.warn(`the login goes without what ${what} keeps in the browser: ${messageOf(why)}`)

  private async restore(plan: LoginPlan, browser: OpenBrowser, signal: AbortSignal): Promise<boolean> {
    const state = await this.readSaved()
    if (state === undefined) return false
    this.parts.restore(state)
    const { onSkipped, options } = this
    await restoreBrowserState(browser.context, state, { signal, onSkipped, clock: options.clock })
    this.state = state
    this.restored = true
    this.saved = true
    if (await plan.check()) return true
    this.options.log.info('the saved login does not hold any more')
    this.restored = false
    await this.discard()
    await clearBrowserState(browser.context, browser.page, state)
    this.state = undefined
    return false
  }

  /**
   * Returns the saved login; discards one that the key of this user does not open, for a fresh one to take its place.
   * @throws `environment-unfit` if there is no key that can be used. The login stays saved: the key may be back soon.
   */
  private async readSaved(): Promise<BrowserState | undefined> {
    if (this.lease === undefined) return undefined
    const { port, ref, fence } = this.lease
    // Before the login: one that cannot be saved would be wasted.
    const key = userKey()
    const { sealed } = await port.call('sessions.read', { ...ref, fence })
    if (sealed === null) return undefined
    try {
      return BrowserState.parse(JSON.parse(unseal(sealed, key, accountName(ref))))
    } catch (error) {
      this.options.log.warn(`the saved login is not used: ${messageOf(error)}`)
      await this.discard()
      return undefined
    }
  }

  private async save(browser: OpenBrowser, signal: AbortSignal): Promise<void> {
    if (this.lease === undefined) return
    const { port, ref, fence } = this.lease
    const state = await this.read(browser, signal)
    signal.throwIfAborted()
    const name = accountName(ref)
    const text = loginText(state, name, this.parts, left => this.options.log.warn(cookiesLeftText(left)))
    const sealed = seal(text, userKey(), name)
    await port.call('sessions.save', { ...ref, fence, sealed, known: this.saved })
    this.state = state
    this.saved = true
  }

  /** Reads the state of the browser. The storage of an origin that cannot be read now stays what it was. */
  private async read(browser: OpenBrowser, signal: AbortSignal): Promise<BrowserState> {
    const { clock, log } = this.options
    const before: BrowserState['origins'] = []
    const onSkipped = (what: string, why: unknown) => {
      const known = this.state?.origins.find(({ origin }) => origin === what)
      if (known === undefined) this.onSkipped(what, why)
      else {
        before.push(known)
        log.warn(`what ${what} keeps in the browser stays in the login as it was: ${messageOf(why)}`)
      }
    }
    const onLeft = (origins: readonly string[]) => log.info(leftText(origins))
    const onUnsaved = (origin: string, unsaved: UnsavedRecords) => log.warn(unsavedText(origin, unsaved))
    const options = { signal, clock, onSkipped, onUnsaved, onLeft }
    const state = await readBrowserState(browser.context, this.parts, options)
    return { ...state, origins: [...state.origins, ...before] }
  }

  private async discard(): Promise<void> {
    if (this.lease === undefined) return
    const { port, ref, fence } = this.lease
    await port.call('sessions.discard', { ...ref, fence })
    this.saved = false
  }
}
