import type { Duration } from '../../core/time/duration.ts'
import type { PhaseBasics } from '../phase-context.ts'

/** Context of `login` and `check`. */
export interface LoginContext<Input> extends PhaseBasics {
  /** The job's input, as the workflow's `input` schema parsed it. */
  readonly input: Input
}

/**
 * A login that is saved per account and reused by later jobs. The login becomes the first phase of
 * the workflow, `login`. In that phase, the first job of an account runs the function `login`.
 * Every later job starts with the saved state of the browser (cookies, local storage, IndexedDB).
 * Only one worker at a time uses an account. If a job's account is in use, the job returns to the
 * queue until the account is free, and other jobs run first. In a job with several workers, the
 * other workers wait in the login phase, with its timeout paused. A phase that finds itself logged
 * out throws `SessionExpiredError`. The saved login is then discarded, and the job runs once more
 * with a fresh login, even if it has no retries left.
 */
export interface SessionOptions<Input> {
  /**
   * Name of the site of the login. Workflows with the same site share their logins. Default: the
   * workflow's name.
   */
  readonly site?: string
  /**
   * Returns the name of a job's account, such as its user name. The operator sees the name, so it
   * must not be a secret.
   */
  readonly account: (input: Input) => string
  /**
   * Logs in. When the function has returned, the browser's cookies are saved, and so is the storage
   * of the sites that were shown by `page` and by other pages that the function opened.
   */
  readonly login: (context: LoginContext<Input>) => unknown
  /**
   * Returns true if a saved login is still valid. Called before the phases. Default: a saved login
   * is used without a check.
   */
  readonly check?: (context: LoginContext<Input>) => boolean | Promise<boolean>
  /** Time limit of `check` and `login` together. Default `'60s'`. */
  readonly timeout?: Duration
}
