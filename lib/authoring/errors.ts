import { AutomateError, isAutomateError } from '../core/errors/errors.ts'
import type { ErrorFacts } from '../core/errors/errors.ts'
import type { ErrorCode } from '../core/errors/error-codes.ts'
import { DEFAULT_RECOVERY } from '../core/errors/recovery.ts'
import type { BrowserAfter, Recovery, Retry } from '../core/errors/recovery.ts'
import { browserErrorKind } from './browser-errors.ts'

/**
 * The failures that a workflow can meet, throw, and tell apart: a closed set, each with its code and its default recovery. What the browser's own library throws
 * counts as one of them (`ElementError.is(error)`), and reports name it so. A workflow's own errors derive from `WorkflowError`.
 */

/** What a failure carries beside its message. */
export interface FailureOptions {
  /** What was thrown before it; told in the crash report. */
  readonly cause?: unknown
  /** What a program may want to know, as JSON. */
  readonly facts?: ErrorFacts
  /** How this one failure is answered, instead of what its class says. */
  readonly recovery?: Partial<Recovery>
}

/** Recognised by brand: an error of another copy of this package, or one that came back from another worker, is no instance of these classes. */
function hasCode(thrown: unknown, code: ErrorCode): thrown is Error {
  return (
    thrown instanceof Error &&
    (isAutomateError(thrown) ? thrown.code : browserErrorKind(thrown)?.code) === code
  )
}

function withDefaults(usual: Recovery, { recovery, ...rest }: FailureOptions) {
  return { ...rest, recovery: { ...usual, ...recovery } }
}

/** The proxy refused, broke off or cannot be reached. Tried again with another proxy. */
export class ProxyError extends AutomateError {
  constructor(message: string, options: FailureOptions = {}) {
    super('proxy', message, withDefaults(DEFAULT_RECOVERY.proxy, options))
  }
  static is = (thrown: unknown) => hasCode(thrown, 'proxy')
}

/**
 * A page could not be reached, went away under the code that worked on it, or a phase fails on a page that is the answer of a site that is asked too often (429, or 503 with `Retry-After`; `facts` then tell
 * `domain`, `status` and, where the site said it, `retryAfterMs`). Such an answer by itself fails nothing: `page.goto` takes it like any page. Tried again after a pause, and no earlier than `retryAfterMs`.
 */
export class NavigateError extends AutomateError {
  constructor(message: string, options: FailureOptions = {}) {
    super('navigate', message, withDefaults(DEFAULT_RECOVERY.navigate, options))
  }
  static is = (thrown: unknown) => hasCode(thrown, 'navigate')
}

/** What the page should show is not there, or cannot be used. Tried again after a pause. */
export class ElementError extends AutomateError {
  constructor(message: string, options: FailureOptions = {}) {
    super('element', message, withDefaults(DEFAULT_RECOVERY.element, options))
  }
  static is = (thrown: unknown) => hasCode(thrown, 'element')
}

/** The site has logged the account out. Tried again with a fresh login. */
export class SessionExpiredError extends AutomateError {
  constructor(message: string, options: FailureOptions = {}) {
    super('session-expired', message, withDefaults(DEFAULT_RECOVERY['session-expired'], options))
  }
  static is = (thrown: unknown) => hasCode(thrown, 'session-expired')
}

/** Something took longer than it may. A phase that passes its limit fails with this. Tried again after a pause. */
export class PhaseTimeoutError extends AutomateError {
  constructor(message: string, options: FailureOptions = {}) {
    super('phase-timeout', message, withDefaults(DEFAULT_RECOVERY['phase-timeout'], options))
  }
  static is = (thrown: unknown) => hasCode(thrown, 'phase-timeout')
}

/** The browser or its page died, or does not answer any more. Tried again at once, in a new one. */
export class BrowserCrashError extends AutomateError {
  constructor(message: string, options: FailureOptions = {}) {
    super('browser-crash', message, withDefaults(DEFAULT_RECOVERY['browser-crash'], options))
  }
  static is = (thrown: unknown) => hasCode(thrown, 'browser-crash')
}

/**
 * A job took more of the machine than it may: memory (`maxMemory`) or disk space for what its pages store (`maxProfile`). Its browser was ended. `facts` has `resource`
 * (`'memory'` or `'profile'`), `bytes` and `limitBytes`; `files` and `limitFiles` as well where its profile had too many. Tried again after a pause, in a new browser.
 */
export class ResourceLimitError extends AutomateError {
  constructor(message: string, options: FailureOptions = {}) {
    super('resource-limit', message, withDefaults(DEFAULT_RECOVERY['resource-limit'], options))
  }
  static is = (thrown: unknown) => hasCode(thrown, 'resource-limit')
}

/** Trying again is useless: the job fails at once, whatever retries it has left. */
export class HardFailError extends AutomateError {
  constructor(message: string, options: FailureOptions = {}) {
    super('hard-fail', message, withDefaults(DEFAULT_RECOVERY['hard-fail'], options))
  }
  static is = (thrown: unknown) => hasCode(thrown, 'hard-fail')
}

/**
 * A workflow's own failure. Derive from it to give it a name, shown in reports and groups, and a recovery:
 * `class SoldOut extends WorkflowError { static readonly retry = 'never' }`.
 */
export class WorkflowError extends AutomateError {
  /** What follows it. */
  static readonly retry: Retry = DEFAULT_RECOVERY.workflow.retry
  /** What becomes of the browser in which it happened. */
  static readonly browser: BrowserAfter = DEFAULT_RECOVERY.workflow.browser

  constructor(message: string, options: FailureOptions = {}) {
    const { name, retry, browser } = new.target
    super('workflow', message, withDefaults({ retry, browser }, options))
    this.name = name
  }

  /** Of a derived class: the errors of just this name. */
  static is(thrown: unknown): thrown is Error {
    return hasCode(thrown, 'workflow') && (this === WorkflowError || thrown.name === this.name)
  }
}
