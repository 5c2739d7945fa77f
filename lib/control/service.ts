import type { ServiceDoing } from '../model/worker/documents.ts'

/**
 * Reason of a stop. `restart`: a start follows. `shutdown`: the scheduler ends, and the next
 * scheduler starts the service again. `upgrade`: the next scheduler has another version, and no job
 * may run until then.
 */
export type StopReason = 'stop' | 'restart' | 'shutdown' | 'upgrade'

/**
 * Called with the reason and the remedy if a service waits for a person, and with null if it
 * continues.
 */
export type Blocked = (reason: string | null) => void

/** A long-lived part of the system that the operator starts, stops and restarts. */
export interface Service {
  readonly name: string
  /** Desired state in a new project. */
  readonly desiredAtFirst: 'running' | 'stopped'
  /**
   * True if other services need this one, so that it is started again for as long as it fails.
   * Another service is not restarted after some failures in a row, because each start of it costs a
   * job.
   */
  readonly essential: boolean
  /**
   * Starts the service, and resolves once it runs. A thrown error is shown to the operator.
   * `blocked` may be called at any time while the service runs, and `failed` later if it ends by
   * itself.
   */
  start(failed: (error: unknown) => void, blocked?: Blocked): Promise<void>
  /** Resolves once it has stopped. */
  stop(reason: StopReason): Promise<void>
  /**
   * True if the service had started well, so that its failure counts as a first one. Absent: true
   * after a minute.
   */
  hadBegunWell?(ranMs: number): boolean
  /** Current work of the service; null if there is nothing to show. */
  doing(): ServiceDoing | null
}
