import type { ServiceDoing } from '../model/worker/documents.ts'

/** `restart`: a start follows. `shutdown`: the scheduler ends, and the next one starts the service again. `upgrade`: that is one of another version, and no job may run until then. */
export type StopReason = 'stop' | 'restart' | 'shutdown' | 'upgrade'

/** Called when a service stands still until a person does something, with the reason and the remedy, and with null when it goes on. */
export type Blocked = (reason: string | null) => void

/** A long-lived part of the system that the operator starts, stops and restarts. */
export interface Service {
  readonly name: string
  /** What is wanted of it in a new project. */
  readonly desiredAtFirst: 'running' | 'stopped'
  /** One that others need is started again for as long as it fails. Another is left alone after some failures in a row, because each start of it costs a job. */
  readonly essential: boolean
  /** `blocked` may be called at any time while it runs. Resolves once it runs. What it throws is shown to the operator. `failed` may be called later, when it ends by itself. */
  start(failed: (error: unknown) => void, blocked?: Blocked): Promise<void>
  /** Resolves once it has stopped. */
  stop(reason: StopReason): Promise<void>
  /** Returns whether it had begun well, so that its failure is a first one. Absent: after a minute. */
  hadBegunWell?(ranMs: number): boolean
  /** What it is doing, or null when there is nothing to say. */
  doing(): ServiceDoing | null
}
