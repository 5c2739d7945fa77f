import type { Duration } from '../../core/time/duration.ts'
import type { PhaseBasics } from '../phase-context.ts'

/** Context of `login` and `check`. */
export interface LoginContext<Input> extends PhaseBasics {
  /** The job's input, as the workflow's `input` schema parsed it. */
  readonly input: Input
}

/**
 * A login that is saved per account and reused by later jobs. The login becomes the first phase,
 * `login`. The first job of an account runs the function `login` there. Every later job starts with
 * the saved state of the browser (cookies, local storage, IndexedDB).
 *
 * One worker at a time uses an account. If the account of a job is in use, the job returns to the
 * queue until the account is free, and other jobs run first. In a job with several workers, the
 * other workers wait in the login phase, with its limit paused.
 *
 * A phase that finds itself logged out throws `SessionExpiredError`. The saved login is then
 * dropped, and the job runs once more with a fresh login, even without remaining retries.
 */
export interface SessionOptions<Input> {
  /**
   * Site of the login. Workflows with the same site share their logins. Default: the workflow's
   * name.
   */
  readonly site?: string
  /**
   * Returns the account of a job, such as its user name. The operator sees the account, so it must
   * not be a secret.
   */
  readonly account: (input: Input) => string
  /**
   * Logs in. When it returns, the cookies of the browser are saved, and also the storage of the
   * sites that `page`, and other pages that it opens, have shown.
   */
  readonly login: (context: LoginContext<Input>) => unknown
  /**
   * True if a saved login is still valid; called before the phases. Default: the saved login is
   * used unchecked.
   */
  readonly check?: (context: LoginContext<Input>) => boolean | Promise<boolean>
  /** Time limit of `check` and `login` together. Default `'60s'`. */
  readonly timeout?: Duration
}
