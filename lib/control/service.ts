import type { ServiceDoing } from '../model/worker/documents.ts'

/**
 * Reason for a stop. `restart`: a start follows. `shutdown`: the scheduler ends, and the next
 * scheduler starts the service again. `upgrade`: the next scheduler has another version, and no job
 * may run until then.
 */
export type StopReason = 'stop' | 'restart' | 'shutdown' | 'upgrade'

/**
 * Called with the reason and the remedy when a service begins to wait for a person, and with null
 * when it continues.
 */
export type Blocked = (reason: string | null) => void

/** A long-lived part of the system that the operator starts, stops and restarts. */
export interface Service {
  readonly name: string
  /** Desired state in a new project. */
  readonly desiredAtFirst: 'running' | 'stopped'
  /**
   * True if other services need this one. It is then restarted however often it fails. Any other
   * service is not restarted after some failures in a row, because each of its starts costs a job.
   */
  readonly essential: boolean
  /**
   * Starts the service, and resolves once it runs. A thrown error is shown to the operator. While
   * the service runs, it may call `blocked` at any time. It calls `failed` if it ends by itself.
   */
  start(failed: (error: unknown) => void, blocked?: Blocked): Promise<void>
  /** Resolves once it has stopped. */
  stop(reason: StopReason): Promise<void>
  /**
   * Returns true if a service that ran for `ranMs` had started well, so that its failure counts as
   * the first in a row. If absent, a service has started well after a minute.
   */
  hadBegunWell?(ranMs: number): boolean
  /** Current work of the service; null if there is nothing to show. */
  doing(): ServiceDoing | null
}
