import { z } from 'zod'
import { Instant, JsonValue } from '../json.ts'

/**
 * Reason of a worker's wait that pauses the limit of its phase: `account` (in use by another
 * worker), `person` (requested by its workflow), `operator` (who paused the worker), `discovery`
 * (another worker of its job discovers and also waits), or `scheduler` (which has not taken its
 * result yet).
 */
export const WAITING_FOR = ['account', 'person', 'operator', 'discovery', 'scheduler'] as const

/** Id of an order to a worker. */
export const OrderId = z.string().regex(/^[a-z0-9]{1,40}$/)

export const WorkerWait = z.object({
  /**
   * Number of the wait in its process, from 1 over all jobs of the worker. An order names its wait
   * by this number.
   */
  id: z.int().positive(),
  for: z.enum(WAITING_FOR),
  /**
   * The account's name, the request to the person, the discovery's key, or the result for the
   * scheduler; empty if the operator paused the worker.
   */
  what: z.string(),
  /** JSON Schema of the person's reply. Without a schema the person only reports the end. */
  fields: z.exactOptional(z.record(z.string(), JsonValue)),
  since: Instant,
  /** Instant at which the wait fails the phase. */
  deadlineAt: Instant,
  /**
   * Number of replies that the worker refused in this wait, and the reason for the last refusal.
   */
  refused: z.exactOptional(z.object({ count: z.int().positive(), why: z.string() })),
  /** The last input with a sender that waits for the verdict, and the reason of a refusal. */
  input: z.exactOptional(z.object({ id: OrderId, why: z.exactOptional(z.string()) })),
})
export type WorkerWait = z.infer<typeof WorkerWait>

/** True if the worker waits for a person, who can end the wait. */
export const isForPerson = ({ for: whom }: Pick<WorkerWait, 'for'>): boolean =>
  whom === 'person' || whom === 'operator'

/** Returns the field names of the person's reply; none if the person only reports the end. */
export function fieldNames({ fields }: Pick<WorkerWait, 'fields'>): string[] {
  return Object.keys(Properties.safeParse(fields?.['properties']).data ?? {})
}

const Properties = z.record(z.string(), JsonValue)
