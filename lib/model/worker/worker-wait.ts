import { z } from 'zod'
import { Instant, JsonValue } from '../json.ts'

/**
 * What a worker waits for while the limit of its phase stands still: an account that another worker uses, a person whom its workflow (`person`) or the operator
 * (`operator`, who paused it) put in its place, what another worker of its job discovers, while that one waits itself (`discovery`), or the scheduler, which has not taken
 * its result yet (`scheduler`).
 */
export const WAITING_FOR = ['account', 'person', 'operator', 'discovery', 'scheduler'] as const

/** Names an order to a worker. */
export const OrderId = z.string().regex(/^[a-z0-9]{1,40}$/)

export const WorkerWait = z.object({
  /** Counts the waits of one worker process, from 1, over all its jobs: an order names the wait that it is meant for. */
  id: z.int().positive(),
  for: z.enum(WAITING_FOR),
  /** The account's name, what the person is asked to do, the discovery's key, or what the scheduler is to take; empty when the operator paused it. */
  what: z.string(),
  /** JSON Schema of what the person is to tell; without it they only say that they are done. */
  fields: z.exactOptional(z.record(z.string(), JsonValue)),
  since: Instant,
  /** When the wait fails the phase. */
  deadlineAt: Instant,
  /** Number of answers that the worker refused in this wait, and its reason for the last one. */
  refused: z.exactOptional(z.object({ count: z.int().positive(), why: z.string() })),
  /** The last input whose verdict somebody waits for, and the reason if it was refused. */
  input: z.exactOptional(z.object({ id: OrderId, why: z.exactOptional(z.string()) })),
})
export type WorkerWait = z.infer<typeof WorkerWait>

/** Whether it waits for a person, who can end the wait. */
export const isForPerson = ({ for: whom }: Pick<WorkerWait, 'for'>): boolean =>
  whom === 'person' || whom === 'operator'

/** The names of what the person is to tell; none when they only say that they are done. */
export function fieldNames({ fields }: Pick<WorkerWait, 'fields'>): string[] {
  return Object.keys(Properties.safeParse(fields?.['properties']).data ?? {})
}

const Properties = z.record(z.string(), JsonValue)
