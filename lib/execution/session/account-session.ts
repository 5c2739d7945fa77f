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

/**
 * Longest wait for an account. The job that uses the account may be waiting for a person, so the
 * wait is as long as a person may take.
 */
const ACCOUNT_WAIT_MS = 60 * 60_000

/**
 * Time limit to save the login again at the end of a job. Reading the state has limits of its own,
 * but the browser and the store may be delayed as well.
 */
const KEEP_LIMIT_MS = 10_000

export interface AccountOptions {
  readonly member: MemberRef
  /**
   * Store of logins; undefined for a worker without a store, which always logs in and saves
   * nothing.
   */
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

/**
 * Manages the account of one worker's job: waits for the worker's turn, restores the saved login or
 * logs in, and saves the login.
 */
export class AccountSession {
  private readonly options: AccountOptions
  private readonly parts = new LoginOrigins()
  /** State at the last restore or save. */
  private state: BrowserState | undefined
  private lease: Lease | undefined
  private restored = false
  private saved = false

  constructor(options: AccountOptions) {
    this.options = options
  }

  /**
   * Waits for the account, then restores its saved login, or logs in and saves the login. If the
   * account is in use, a job with only one worker does not wait, but returns to the queue
   * (`account-busy`).
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
   * Saves the login again at the end of a job, because many sites renew a cookie with every visit.
   * Never rejects, because the job has its result already. Stops after a time limit, when the
   * browser is lost, and when the worker is asked to stop.
   */
  async keep(browser: OpenBrowser, lost: AbortSignal): Promise<void> {
    if (this.lease === undefined || !this.saved) return
    const { stop, clock, log } = this.options
    const over = new AbortController()
    const givenUp = AbortSignal.any([stop.signal, lost, over.signal])
    try {
      const saving = raceAbort(this.save(browser, givenUp), givenUp)
      await withTimeout(saving, KEEP_LIMIT_MS, 'The read from the browser', clock)
    } catch (error) {
      log.warn(`the login could not be saved again: ${messageOf(error)}`)
    } finally {
      over.abort()
    }
  }

  /**
   * Discards the saved login if `thrown` states that the site has ended the session. The returned
   * error states in `facts.login` whether the login was `saved` or `fresh`, because a saved login
   * can be replaced by a fresh one. Any other error is returned unchanged.
   */
  async expired(thrown: unknown): Promise<unknown> {
    if (this.lease === undefined || !isAutomateError(thrown) || thrown.code !== 'session-expired')
      return thrown
    const { port, ref, fence } = this.lease
    try {
      await port.call('sessions.discard', { ...ref, fence })
      this.saved = false
    } catch (error) {
      this.options.log.warn(`the expired login could not be deleted: ${messageOf(error)}`)
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

  /**
   * Releases the account for the next worker. Never rejects, because the end of the job releases
   * the account in any case.
   */
  async release(): Promise<void> {
    const { lease } = this
    this.lease = undefined
    await lease?.port
      .call('sessions.release', { workerId: this.options.member.workerId })
      .catch((error: unknown) =>
        this.options.log.warn(`the account could not be released: ${messageOf(error)}`),
      )
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
      log.info(
        `the account ${accountName(ref)} is in use, so the job returns to the queue until the account is free`,
      )
      stop.request('account-busy')
      throw stop.error()
    }
    log.info(`waiting for the account ${accountName(ref)}, which another worker uses`)
    const wait = { for: 'account', what: accountName(ref), timeoutMs: ACCOUNT_WAIT_MS } as const
    // Listens to `jobs` as well, because a lease ends with its job.
    const listen = (listener: () => void) => port.onWritten(['sessions', 'jobs'], listener)
    return waits.during(wait, phase, async signal => {
      for (;;) {
        signal.throwIfAborted()
        // Listens before the request, so that a change between the two is not missed.
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
    throw new AutomateError(
      'fenced',
      `Job ${jobId} has continued without this worker's attempt ${attempt}.`,
      {
        facts: { jobId, attempt },
      },
    )
  }

  /**
   * Adds the current and later origins of a page to the login. Called for each page that the
   * workflow works on.
   */
  follow(page: Page): void {
    if (this.lease !== undefined) this.parts.follow(page)
  }

  private readonly onSkipped = (what: string, why: unknown) =>
    this.options.log.warn(`the login is saved without the storage of ${what}: ${messageOf(why)}`)

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
    this.options.log.info('the saved login is no longer valid')
    this.restored = false
    await this.discard()
    await clearBrowserState(browser.context, browser.page, state)
    this.state = undefined
    return false
  }

  /**
   * Returns the saved login; undefined if there is none. Discards a login that cannot be opened
   * with this user's key, so that a fresh one replaces it.
   * @throws `environment-unfit` if there is no usable key. The login stays saved, because the key
   * may return soon.
   */
  private async readSaved(): Promise<BrowserState | undefined> {
    if (this.lease === undefined) return undefined
    const { port, ref, fence } = this.lease
    // The key is read before the login, because a login that cannot be saved would be wasted.
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

  /**
   * Reads the state of the browser. If the storage of an origin cannot be read, its last known
   * storage stays in the state.
   */
  private async read(browser: OpenBrowser, signal: AbortSignal): Promise<BrowserState> {
    const { clock, log } = this.options
    const before: BrowserState['origins'] = []
    const onSkipped = (what: string, why: unknown) => {
      const known = this.state?.origins.find(({ origin }) => origin === what)
      if (known === undefined) this.onSkipped(what, why)
      else {
        before.push(known)
        log.warn(
          `the saved storage of ${what} remains in the login, because it could not be read again: ${messageOf(why)}`,
        )
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
