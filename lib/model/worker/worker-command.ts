import { z } from 'zod'
import { Instant } from '../json.ts'
import { PageId } from './page-preview.ts'
import { OrderId, WorkerWait } from './worker-wait.ts'

/** Keys without a character, under the names that browsers give them. */
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

/** A position in the visible part of the page. */
const Place = z.number().nonnegative()

/**
 * The page that the person saw, if the picture named it; otherwise the last page that the person
 * saw.
 */
const page = z.exactOptional(PageId)

/** Id of an order with a sender that waits for the verdict. */
const id = z.exactOptional(OrderId)

/**
 * The wait in which the person acts. An order is dropped at the end of that wait, because another
 * job may follow.
 */
const waitingId = WorkerWait.shape.id

const LONGEST_SEALED = 20_000
/** Text typed by a person, sealed for the worker. */
const sealed = z.string().max(LONGEST_SEALED)

/** Most bytes of text that can be sealed, because sealing adds a tag and encodes in base64. */
export const MAX_TYPED_BYTES = 14_000

/**
 * A person's ways to end a wait: the work continues, the person's part is skipped, or the phase
 * fails.
 */
export const ANSWERS = ['resume', 'skip', 'fail'] as const
export const Answer = z.enum(ANSWERS)
export type Answer = z.infer<typeof Answer>

/**
 * A person's command to one worker. Replies and typed text are sealed, because both may be
 * passwords.
 */
export const WorkerCommand = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pause') }),
  z.object({
    type: z.literal('answer'),
    waitingId,
    answer: Answer,
    reason: z.string().max(500),
    /** The person's reply to a `resume`, as a JSON object. */
    sealed: sealed.optional(),
    id,
  }),
  /** Requests pictures of this many screen cells, renewed about once a second until `until`. */
  z.object({
    type: z.literal('look'),
    untilAt: Instant,
    columns: z.int().min(1).max(400),
    rows: z.int().min(1).max(400),
  }),
  /** Requests one picture in full size, stored as `data/state/pictures/<worker>_<name>.png`. */
  z.object({ type: z.literal('picture'), name: z.string().regex(/^[a-z0-9]{1,40}$/) }),
  /**
   * `share` counts in shares of the visible part's width and height, from 0 to 1; `pixel` in the
   * page's own pixels.
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
