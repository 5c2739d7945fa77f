import { z } from 'zod'
import { durationMs, isDuration } from '../core/time/duration.ts'
import type { Duration } from '../core/time/duration.ts'
import { AutomateError } from '../core/errors/errors.ts'
import type { Json } from '../core/errors/errors.ts'
import { describeIssues } from '../model/issues.ts'
import { requireKey } from '../model/shared-key.ts'

/** Options of a discovery. */
export interface OnceOptions {
  /**
   * Validity of the value, such as `'30s'`. The first request after it starts another round, which
   * is the turn of the next worker. Default: the value is valid for the whole attempt.
   */
  readonly ttl?: Duration
  /**
   * Number of times that other workers retry, after a pause, if `fn` fails: 0 to 20. The workers
   * receive only the last error. Default 0.
   */
  readonly retries?: number
  /**
   * Time limit of a worker's turn, after which another worker takes over: at least 1 s. Default:
   * the remaining time of the worker's phase.
   */
  readonly lease?: Duration
}

/** A discovered value and its age. */
export interface Discovery<T extends Json> {
  /** The discovered value, copied as JSON. */
  readonly value: T
  /** Milliseconds since the discovery. */
  readonly ageMs: number
  /** Milliseconds for which the value remains valid; null if it is valid for the whole attempt. */
  readonly validForMs: number | null
}

/** Checked options of a discovery, with defaults. */
export interface DiscoveryPolicy {
  readonly ttlMs: number | null
  readonly retries: number
  readonly leaseMs: number | null
}

/**
 * Maximum number of retries of a discovery. More failures than that are not a temporary problem of
 * a site.
 */
const MAX_RETRIES = 20

const Length = z
  .union([z.number(), z.string()], 'must be a duration such as "30s"')
  .refine(isDuration, 'must be a duration such as "30s"')
  .transform(duration => Math.ceil(durationMs(duration)))

const Options = z.object({
  ttl: Length.nullable().default(null),
  retries: z.int().min(0).max(MAX_RETRIES).default(0),
  lease: Length.nullable().default(null),
})

/**
 * Checks the key and the options of a discovery.
 * @throws `workflow-invalid` if the key or an option is wrong; the message names the key and the
 *   option.
 */
export function discoveryPolicy(asked: unknown, options: unknown): DiscoveryPolicy {
  const key = requireKey('once(…)', 'key', asked)
  const parsed = Options.safeParse(options)
  if (parsed.success) {
    const { ttl, retries, lease } = parsed.data
    return { ttlMs: ttl, retries, leaseMs: lease }
  }
  throw new AutomateError('workflow-invalid', `once("${key}", …): ${describeIssues(parsed.error)}.`, {
    facts: { key },
  })
}
