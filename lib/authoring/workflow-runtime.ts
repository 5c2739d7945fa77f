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
 * A workflow as the worker sees it: the author's types are closed over, JSON goes in and out.
 */

/** Recognises workflows by a brand: a project may load another copy of this package. */
const BRAND = Symbol.for('automate-tui.workflow')

export interface PhaseSpec {
  readonly name: string
  /** The limit of each try. */
  readonly timeoutMs: number
  /** How often the phase is tried again within the attempt of the job. Default 0. */
  readonly retries?: number
  /** The failures after which it is; by default those that their recovery tries again in the same browser. */
  readonly retryOn?: readonly ErrorCode[]
}

/** The login that a run asks for, with the author's functions closed over. */
export interface LoginPlan extends AccountRef {
  readonly login: () => Promise<void>
  readonly check: () => Promise<boolean>
}

/** What the worker hands to a phase. */
export interface PhaseTools extends PhaseBasics {
  /** Waits for the account and brings the browser into its login, saved or fresh. */
  readonly logIn: (plan: LoginPlan) => Promise<void>
  /** Takes a result that has been parsed. */
  readonly offer: (result: Json) => Promise<OfferReply>
  /** True in the last phase: what it returns is a result. */
  readonly last: boolean
  /**
   * Called when the author's code of the last phase has ended, and what it returned has been offered: only the delivery is left. Absent in a
   * worker of another copy of this package.
   */
  readonly workIsDone?: () => void
}

/** Runs one phase with its limit, its state and its interruptions. `index` is 1-based. */
export interface PhaseRunner {
  run<T>(phase: PhaseSpec, index: number, body: (tools: PhaseTools) => T | Promise<T>): Promise<T>
}

/** How the results of one run are judged. Both functions are the author's code. */
export interface ResultComparator {
  better(a: Json, b: Json): boolean
  meetsTarget(result: Json): boolean
}

/** A workflow with an input that has been parsed. */
export interface PreparedRun {
  /** The parsed input as JSON; undefined if it has no JSON form. */
  readonly input: Json | undefined
  readonly judge: ResultComparator
  /** Runs all phases in order. Rejects with what the failing phase threw. */
  execute(runner: PhaseRunner): Promise<void>
}

/**
 * A workflow as the worker that runs it sees it.
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
  /** How a failure is answered. Runs the author's rules: throws what they throw. */
  answer(failure: AutomateError): Recovery
  readonly proxy: ProxyPolicy
  readonly credentials: readonly string[] | null
  /** JSON Schema of the input. Thrown with code `workflow-invalid` when the input has a part that JSON Schema cannot say. */
  inputSchema(): Record<string, Json>
  /** Thrown with code `input-invalid` when the input does not fit; the message names the fields. */
  prepare(input: Json): PreparedRun
}

export const workflowBrand = { [BRAND]: true } as const

export function isWorkflow(value: unknown): value is RunnableWorkflow {
  return typeof value === 'object' && value !== null && BRAND in value
}
