import type { ErrorCode } from '../core/errors/error-codes.ts'
import type { AutomateError, Json } from '../core/errors/errors.ts'
import type { Recovery } from '../core/errors/recovery.ts'
import type { AccountRef } from '../model/worker/account.ts'
import type { WorkflowDomains } from '../model/job/domains.ts'
import type { RecoveryTable } from '../model/failure/recovery-table.ts'
import type { ProxyPolicy } from '../model/proxy/proxy.ts'
import type { Isolation, SwarmRules } from '../model/job/workflow.ts'
import type { OfferReply, PhaseBasics } from './phase-context.ts'

/**
 * Interface between a workflow and the worker that runs it. It hides the author's types, and its
 * input and output are JSON.
 */

/**
 * Brand of workflows. It is used in place of `instanceof`, which fails if a project loads another
 * copy of this package.
 */
const BRAND = Symbol.for('automate-tui.workflow')

export interface PhaseSpec {
  readonly name: string
  /** Time limit of each try. */
  readonly timeoutMs: number
  /** Retries of the phase within the attempt of the job. Default 0. */
  readonly retries?: number
  /**
   * Codes of the failures after which the phase is retried. By default, all failures with a
   * recovery that retries in the same browser.
   */
  readonly retryOn?: readonly ErrorCode[]
}

/** Account of a run and the author's functions that log in and check the login. */
export interface LoginPlan extends AccountRef {
  readonly login: () => Promise<void>
  readonly check: () => Promise<boolean>
}

/** Tools that a phase receives from the worker. */
export interface PhaseTools extends PhaseBasics {
  /** Waits for the account and restores its saved login, or logs in. */
  readonly logIn: (plan: LoginPlan) => Promise<void>
  /** Offers a parsed result. */
  readonly offer: (result: Json) => Promise<OfferReply>
  /** True in the last phase, because its return value is a result. */
  readonly last: boolean
  /**
   * Called when the author's code of the last phase has ended and its return value has been
   * offered, so that only the delivery remains. Absent in a worker of another copy of this package.
   */
  readonly workIsDone?: () => void
}

/**
 * Runs one phase, with its timeout, its recorded state and its interruptions. `index` is 1-based.
 */
export interface PhaseRunner {
  run<T>(phase: PhaseSpec, index: number, body: (tools: PhaseTools) => T | Promise<T>): Promise<T>
}

/** Compares the results of one run. Both functions are the author's code. */
export interface ResultComparator {
  better(a: Json, b: Json): boolean
  meetsTarget(result: Json): boolean
}

/** A workflow with a parsed input. */
export interface PreparedRun {
  /** The parsed input as JSON; undefined if it has no JSON form. */
  readonly input: Json | undefined
  readonly judge: ResultComparator
  /** Runs all phases in order. Rejects with the error of the failing phase. */
  execute(runner: PhaseRunner): Promise<void>
}

/**
 * A workflow for the worker that runs it.
 * @internal
 */
export interface RunnableWorkflow {
  readonly [BRAND]: true
  readonly name: string
  readonly summary: string
  readonly phases: readonly PhaseSpec[]
  readonly workers: number
  readonly isolation: Isolation
  readonly retries: number
  readonly continuous: boolean
  readonly hasTarget: boolean
  readonly recovery: RecoveryTable | undefined
  readonly concurrency: number | undefined
  readonly swarm: SwarmRules | undefined
  readonly domains: WorkflowDomains | undefined
  /** Returns the recovery of a failure. Runs the author's rules, whose errors are thrown. */
  answer(failure: AutomateError): Recovery
  readonly proxy: ProxyPolicy
  readonly credentials: readonly string[] | null
  /**
   * Returns the JSON Schema of the input.
   * @throws `workflow-invalid` if the input has a part that JSON Schema cannot express.
   */
  inputSchema(): Record<string, Json>
  /**
   * Parses the input of a job.
   * @throws `input-invalid` if the input does not fit; the message names the fields.
   */
  prepare(input: Json): PreparedRun
}

export const workflowBrand = { [BRAND]: true } as const

export function isWorkflow(value: unknown): value is RunnableWorkflow {
  return typeof value === 'object' && value !== null && BRAND in value
}
