import { z } from 'zod'
import { Instant, JsonValue } from '../json.ts'

/**
 * Reason of a wait during which the limit of the worker's phase is paused: another worker uses the
 * `account`; the workflow has asked a `person`; the `operator` has paused the worker; another
 * worker of the job makes the `discovery` and waits too; or the `scheduler` has not taken the
 * worker's result yet.
 */
export const WAITING_FOR = ['account', 'person', 'operator', 'discovery', 'scheduler'] as const

/** Id of a command to a worker. */
export const OrderId = z.string().regex(/^[a-z0-9]{1,40}$/)

export const WorkerWait = z.object({
  /**
   * Number of the wait, counted from 1 over all jobs of the worker's process. Commands name the
   * wait by this number.
   */
  id: z.int().positive(),
  for: z.enum(WAITING_FOR),
  /**
   * Object of the wait: the name of the account, the request to the person, the key of the
   * discovery, or the result for the scheduler; empty if the operator paused the worker.
   */
  what: z.string(),
  /**
   * JSON Schema of the person's reply. Without a schema, the person only confirms that the request
   * is done.
   */
  fields: z.exactOptional(z.record(z.string(), JsonValue)),
  since: Instant,
  /** Instant at which the phase fails if the wait has not ended. */
  deadlineAt: Instant,
  /**
   * Number of replies that the worker has refused during this wait, and the reason for the last
   * refusal.
   */
  refused: z.exactOptional(z.object({ count: z.int().positive(), why: z.string() })),
  /**
   * Id of the last command to click or to type for which the sender waits, and the reason if it was
   * refused.
   */
  input: z.exactOptional(z.object({ id: OrderId, why: z.exactOptional(z.string()) })),
})
export type WorkerWait = z.infer<typeof WorkerWait>

/**
 * True if the worker waits for a person or was paused by one, so that a person can end the wait.
 */
export const isForPerson = ({ for: whom }: Pick<WorkerWait, 'for'>): boolean =>
  whom === 'person' || whom === 'operator'

/** Returns the names of the fields in the person's reply; empty if the person only confirms. */
export function fieldNames({ fields }: Pick<WorkerWait, 'fields'>): string[] {
  return Object.keys(Properties.safeParse(fields?.['properties']).data ?? {})
}

const Properties = z.record(z.string(), JsonValue)
