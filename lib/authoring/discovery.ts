import { z } from 'zod'
import { durationMs, isDuration } from '../core/time/duration.ts'
import type { Duration } from '../core/time/duration.ts'
import { AutomateError } from '../core/errors/errors.ts'
import type { Json } from '../core/errors/errors.ts'
import { describeIssues } from '../model/issues.ts'

/** How a discovery is made and kept. */
export interface OnceOptions {
  /** How long the value holds, such as `'30s'`; whoever asks later starts another round, and the turn goes to the next worker. Default: as long as the attempt. */
  readonly ttl?: Duration
  /** How often another worker tries, after a pause, when `fn` fails: 0 to 20. Only the last error is told to all. Default 0. */
  readonly retries?: number
  /** How long one worker may take before another takes its place: at least 1 s. Default: what is left of its phase's limit. */
  readonly lease?: Duration
}

/** What was discovered, and how old it is. */
export interface Discovery<T extends Json> {
  /** What was found, copied as JSON. */
  readonly value: T
  /** Milliseconds since it was there. */
  readonly ageMs: number
  /** Milliseconds for which it still holds; null: as long as the attempt. */
  readonly validForMs: number | null
}

/** The same, checked, with its defaults. */
export interface DiscoveryPolicy {
  readonly ttlMs: number | null
  readonly retries: number
  readonly leaseMs: number | null
}

/** More than this is not a hiccup of a site. */
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

/** Thrown with code `workflow-invalid`; the message names the key and the option. */
export function discoveryPolicy(key: string, options: unknown): DiscoveryPolicy {
  const parsed = Options.safeParse(options)
  if (parsed.success) {
    const { ttl, retries, lease } = parsed.data
    return { ttlMs: ttl, retries, leaseMs: lease }
  }
  throw new AutomateError('workflow-invalid', `once("${key}", …): ${describeIssues(parsed.error)}.`, {
    facts: { key },
  })
}
