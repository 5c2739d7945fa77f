import { z } from 'zod'
import { Instant } from '../json.ts'
import { PageId } from './page-preview.ts'
import { OrderId, WorkerWait } from './worker-wait.ts'

/** Keys that have no character, by the names that browsers give them. */
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

/** A place in the page's visible part. */
const Place = z.number().nonnegative()

/** The page that the person saw, if the picture named it; otherwise the one that the person has seen last. */
const page = z.exactOptional(PageId)

/** Names an order whose verdict somebody waits for. */
const id = z.exactOptional(OrderId)

/** The wait in which the person acts. An order is dropped once that wait is over, because another job may follow. */
const waitingId = WorkerWait.shape.id

const LONGEST_SEALED = 20_000
/** Text that a person types, sealed for the worker. */
const sealed = z.string().max(LONGEST_SEALED)

/** Longest text that can be sealed, in bytes: sealing encodes it in base64 and adds its tag. */
export const MAX_TYPED_BYTES = 14_000

/** How a person ends a wait: the work goes on; their part counts as done without them; or the phase fails. */
export const ANSWERS = ['resume', 'skip', 'fail'] as const
export const Answer = z.enum(ANSWERS)
export type Answer = z.infer<typeof Answer>

/** What a person asks of one worker. What they tell, or type into its page, is sealed: it may be a password. */
export const WorkerCommand = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pause') }),
  z.object({
    type: z.literal('answer'),
    waitingId,
    answer: Answer,
    reason: z.string().max(500),
    /** With `resume`, what the person tells, as a JSON object. */
    sealed: sealed.optional(),
    id,
  }),
  /** Somebody looks at the page until then: a picture of this many cells of the screen, renewed about once a second. */
  z.object({
    type: z.literal('look'),
    untilAt: Instant,
    columns: z.int().min(1).max(400),
    rows: z.int().min(1).max(400),
  }),
  /** One picture in full size, as `data/state/pictures/<worker>_<name>.png`. */
  z.object({ type: z.literal('picture'), name: z.string().regex(/^[a-z0-9]{1,40}$/) }),
  /** `share` counts in shares of the visible part's width and height, from 0 to 1, `pixel` in the page's own pixels. */
  z.object({
    type: z.literal('click'),
    ...{ x: Place, y: Place, unit: z.enum(['share', 'pixel']) },
    ...{ waitingId, page, id },
  }),
  z.object({ type: z.literal('key'), key: PageKey, waitingId, page, id }),
  z.object({ type: z.literal('text'), sealed, waitingId, page, id }),
  /** Close the browser that a failure left open to be looked at. */
  z.object({ type: z.literal('close') }),
])
export type WorkerCommand = z.infer<typeof WorkerCommand>

export type InputOrder = Extract<WorkerCommand, { type: 'click' | 'key' | 'text' }>
