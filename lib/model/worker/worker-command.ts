import { z } from 'zod'
import { Instant } from '../json.ts'
import { PageId } from './page-preview.ts'
import { OrderId, WorkerWait } from './worker-wait.ts'

/** Keys that type no character, under the names that browsers use. */
export const PAGE_KEYS = [
  'Enter',
  'Tab',
  'Backspace',
  'Delete',
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'Home',
  'End',
  'PageUp',
  'PageDown',
] as const
export const PageKey = z.enum(PAGE_KEYS)
export type PageKey = z.infer<typeof PageKey>

/** One coordinate of a position in the visible part of the page. */
const Place = z.number().nonnegative()

/**
 * Id of the page that the person saw in the picture; omitted to use the page that was shown last.
 */
const page = z.exactOptional(PageId)

/** Id of the command; omitted if the sender does not wait for the result. */
const id = z.exactOptional(OrderId)

/**
 * Id of the wait during which the person acts. The command is dropped if that wait has ended,
 * because the worker may run another job by then.
 */
const waitingId = WorkerWait.shape.id

const LONGEST_SEALED = 20_000
/** Text typed by a person, sealed for the worker. */
const sealed = z.string().max(LONGEST_SEALED)

/**
 * Maximum size of a typed text, in bytes. Sealing adds a tag and encodes in Base64, and the sealed
 * text must still fit.
 */
export const MAX_TYPED_BYTES = 14_000

/**
 * Ways in which a person can end a wait: the work continues (`resume`), the part of the person is
 * skipped (`skip`), or the phase fails (`fail`).
 */
export const ANSWERS = ['resume', 'skip', 'fail'] as const
export const Answer = z.enum(ANSWERS)
export type Answer = z.infer<typeof Answer>

/**
 * Command of a person to one worker. Replies and typed text are sealed, because they may be
 * passwords.
 */
export const WorkerCommand = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pause') }),
  z.object({
    type: z.literal('answer'),
    waitingId,
    answer: Answer,
    reason: z.string().max(500),
    /** The person's values for the fields of the question, as a JSON object. Only for `resume`. */
    sealed: sealed.optional(),
    id,
  }),
  /**
   * Requests pictures that fit into this many screen cells. A new picture is made about once a
   * second until `untilAt`.
   */
  z.object({
    type: z.literal('look'),
    untilAt: Instant,
    columns: z.int().min(1).max(400),
    rows: z.int().min(1).max(400),
  }),
  /** Requests one picture in full size, stored as `data/state/pictures/<worker>_<name>.png`. */
  z.object({ type: z.literal('picture'), name: z.string().regex(/^[a-z0-9]{1,40}$/) }),
  /**
   * Clicks on the page. With the unit `share`, `x` and `y` are fractions of the width and height of
   * the visible part, from 0 to 1. With `pixel`, they are the page's own pixels.
   */
  z.object({
    type: z.literal('click'),
    ...{ x: Place, y: Place, unit: z.enum(['share', 'pixel']) },
    ...{ waitingId, page, id },
  }),
  z.object({ type: z.literal('key'), key: PageKey, waitingId, page, id }),
  z.object({ type: z.literal('text'), sealed, waitingId, page, id }),
  /** Closes a held browser. */
  z.object({ type: z.literal('close') }),
])
export type WorkerCommand = z.infer<typeof WorkerCommand>

export type InputOrder = Extract<WorkerCommand, { type: 'click' | 'key' | 'text' }>
