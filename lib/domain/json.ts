import { z } from 'zod'
import type { Json } from '../core/errors.ts'

/** Any value that JSON keeps exactly. */
export const JsonValue: z.ZodType<Json, Json> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(JsonValue),
    z.record(z.string(), JsonValue),
  ]),
)

/** An instant: whole milliseconds since 1970. */
export const Instant = z.int().nonnegative()

/** A span of time in milliseconds. */
export const Milliseconds = z.number().nonnegative()
