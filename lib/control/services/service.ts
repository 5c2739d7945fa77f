import type { ServiceDoing } from '../../domain/documents.ts'

/** `restart`: a start follows. `shutdown`: the scheduler ends, and the next one starts the service again. */
export type StopReason = 'stop' | 'restart' | 'shutdown'

/** A long-lived part of the system that the operator starts, stops and restarts. */
export interface Service {
  readonly name: string
  /** What is wanted of it in a new project. */
  readonly desiredAtFirst: 'running' | 'stopped'
  /** One that others need is started again for as long as it fails. Another is left alone after some failures in a row, because each start of it costs a job. */
  readonly essential: boolean
  /** Resolves once it runs. What it throws is shown to the operator. `failed` may be called later, when it ends by itself. */
  start(failed: (error: unknown) => void): Promise<void>
  /** Resolves once it has stopped. */
  stop(reason: StopReason): Promise<void>
  /** Returns whether it had begun well, so that its failure is a first one. Absent: after a minute. */
  hadBegunWell?(ranMs: number): boolean
  /** What it is doing, or null when there is nothing to say. */
  doing(): ServiceDoing | null
}
