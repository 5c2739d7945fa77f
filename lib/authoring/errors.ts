import { AutomateError, isAutomateError } from '../core/errors/errors.ts'
import type { ErrorFacts } from '../core/errors/errors.ts'
import type { ErrorCode } from '../core/errors/error-codes.ts'
import { DEFAULT_RECOVERY } from '../core/errors/recovery.ts'
import type { BrowserAfter, Recovery, Retry } from '../core/errors/recovery.ts'
import { browserErrorKind } from './browser-errors.ts'

/**
 * Failures that a workflow can encounter, throw and distinguish. The set is closed, and each
 * failure has its code and its default recovery. An error of the browser's own library counts as
 * one of these failures (`ElementError.is(error)`), and reports use the failure's name for it. A
 * workflow's own errors derive from `WorkflowError`.
 */

/** Optional parts of a failure besides its message. */
export interface FailureOptions {
  /** The error that led to this failure; shown in the crash report. */
  readonly cause?: unknown
  /** Machine-readable facts about the failure, as JSON. */
  readonly facts?: ErrorFacts
  /** Recovery of this one failure, instead of the recovery of its class. */
  readonly recovery?: Partial<Recovery>
}

/**
 * True if `thrown` is an error with this code. Checks a brand, because an error of another copy of
 * this package, or of another worker, is not an instance of these classes.
 */
function hasCode(thrown: unknown, code: ErrorCode): thrown is Error {
  return (
    thrown instanceof Error &&
    (isAutomateError(thrown) ? thrown.code : browserErrorKind(thrown)?.code) === code
  )
}

function withDefaults(usual: Recovery, { recovery, ...rest }: FailureOptions) {
  return { ...rest, recovery: { ...usual, ...recovery } }
}

/**
 * The proxy refused the connection, closed it too early, or cannot be reached. Retried with another
 * proxy.
 */
export class ProxyError extends AutomateError {
  constructor(message: string, options: FailureOptions = {}) {
    super('proxy', message, withDefaults(DEFAULT_RECOVERY.proxy, options))
  }
  static is = (thrown: unknown) => hasCode(thrown, 'proxy')
}

/**
 * A page could not be reached, or was replaced while code worked on it. A phase also fails with
 * this error on a page that a site returned because of too many requests (429, or 503 with
 * `Retry-After`). `facts` then has `domain`, `status` and, if the site sent it, `retryAfterMs`.
 * Such a response alone is not a failure: `page.goto` accepts it like any page. Retried after a
 * pause, and no earlier than `retryAfterMs`.
 */
export class NavigateError extends AutomateError {
  constructor(message: string, options: FailureOptions = {}) {
    super('navigate', message, withDefaults(DEFAULT_RECOVERY.navigate, options))
  }
  static is = (thrown: unknown) => hasCode(thrown, 'navigate')
}

/** An expected element of the page is missing or cannot be used. Retried after a pause. */
export class ElementError extends AutomateError {
  constructor(message: string, options: FailureOptions = {}) {
    super('element', message, withDefaults(DEFAULT_RECOVERY.element, options))
  }
  static is = (thrown: unknown) => hasCode(thrown, 'element')
}

/** The site has logged the account out. Retried with a fresh login. */
export class SessionExpiredError extends AutomateError {
  constructor(message: string, options: FailureOptions = {}) {
    super('session-expired', message, withDefaults(DEFAULT_RECOVERY['session-expired'], options))
  }
  static is = (thrown: unknown) => hasCode(thrown, 'session-expired')
}

/**
 * An operation took longer than its limit. A phase that exceeds its timeout fails with this error.
 * Retried after a pause.
 */
export class PhaseTimeoutError extends AutomateError {
  constructor(message: string, options: FailureOptions = {}) {
    super('phase-timeout', message, withDefaults(DEFAULT_RECOVERY['phase-timeout'], options))
  }
  static is = (thrown: unknown) => hasCode(thrown, 'phase-timeout')
}

/** The browser or its page died or does not respond. Retried at once, in a new browser. */
export class BrowserCrashError extends AutomateError {
  constructor(message: string, options: FailureOptions = {}) {
    super('browser-crash', message, withDefaults(DEFAULT_RECOVERY['browser-crash'], options))
  }
  static is = (thrown: unknown) => hasCode(thrown, 'browser-crash')
}

/**
 * A job exceeded its limit for memory (`maxMemory`) or for the data of its pages on disk
 * (`maxProfile`), so its browser was closed. `facts` has `resource` (`'memory'` or `'profile'`),
 * `bytes` and `limitBytes`, and also `files` and `limitFiles` if the profile had too many files.
 * Retried after a pause, in a new browser.
 */
export class ResourceLimitError extends AutomateError {
  constructor(message: string, options: FailureOptions = {}) {
    super('resource-limit', message, withDefaults(DEFAULT_RECOVERY['resource-limit'], options))
  }
  static is = (thrown: unknown) => hasCode(thrown, 'resource-limit')
}

/** A failure that a retry cannot repair. The job fails at once, even if retries remain. */
export class HardFailError extends AutomateError {
  constructor(message: string, options: FailureOptions = {}) {
    super('hard-fail', message, withDefaults(DEFAULT_RECOVERY['hard-fail'], options))
  }
  static is = (thrown: unknown) => hasCode(thrown, 'hard-fail')
}

/**
 * A workflow's own failure. Derive from this class to give the failure a name, shown in reports and
 * groups, and a recovery: `class SoldOut extends WorkflowError { static readonly retry = 'never'
 * }`.
 */
export class WorkflowError extends AutomateError {
  /** Retry of the job after this failure. */
  static readonly retry: Retry = DEFAULT_RECOVERY.workflow.retry
  /** Treatment of the browser in which the failure occurred. */
  static readonly browser: BrowserAfter = DEFAULT_RECOVERY.workflow.browser

  constructor(message: string, options: FailureOptions = {}) {
    const { name, retry, browser } = new.target
    super('workflow', message, withDefaults({ retry, browser }, options))
    this.name = name
  }

  /**
   * True if `thrown` is an error of this class. For a derived class, the error must have exactly
   * the name of that class.
   */
  static is(thrown: unknown): thrown is Error {
    return hasCode(thrown, 'workflow') && (this === WorkflowError || thrown.name === this.name)
  }
}
