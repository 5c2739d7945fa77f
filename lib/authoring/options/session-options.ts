import type { Duration } from '../../core/time/duration.ts'
import type { PhaseBasics } from '../phase-context.ts'

/** What `login` and `check` receive. */
export interface LoginContext<Input> extends PhaseBasics {
  /** The job's input, as the workflow's `input` schema parsed it. */
  readonly input: Input
}

/**
 * A login that is saved per account and used by later jobs. It becomes the first phase, `login`: the first job of an account runs the function `login` there, every
 * later one finds what the browser had then (cookies, local storage, IndexedDB). One worker at a time uses an account: a job of which the
 * account is in use goes back to the queue until it is free, and others run meanwhile. Of a job with several workers the others wait in that phase, and its limit stands still. A phase that finds itself logged out throws `SessionExpiredError`: the saved login is dropped, and the job
 * runs once more with a fresh one, whether it has retries or not.
 */
export interface SessionOptions<Input> {
  /** What is logged in to. Workflows that say the same share their logins. Default: the workflow's name. */
  readonly site?: string
  /** Names the account of a job, such as its user name; shown to the operator, so no secret. */
  readonly account: (input: Input) => string
  /** Logs in. When it returns, the cookies of the browser are saved, and the storage of the sites that `page` and other pages that it calls have shown. */
  readonly login: (context: LoginContext<Input>) => unknown
  /** Tells whether a saved login still holds; asked before the phases. Default: it is tried. */
  readonly check?: (context: LoginContext<Input>) => boolean | Promise<boolean>
  /** How long `check` and `login` may take together. Default `'60s'`. */
  readonly timeout?: Duration
}
