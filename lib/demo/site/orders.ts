import { z } from 'zod'
import { pick } from './seeded-random.ts'

const text = (name: string) =>
  z.string().trim().min(2, `Enter your ${name}.`).max(80, `Your ${name} is too long.`)

/** Schema of an order's address, with the messages for the fields of the form. */
export const Address = z.object({
  name: text('name'),
  street: text('street'),
  postcode: z
    .string()
    .trim()
    .regex(/^[0-9A-Z][0-9A-Z -]{2,9}$/i, 'Enter a postcode of 3 to 10 letters and digits.'),
  city: text('city'),
})
export type Address = z.infer<typeof Address>

export const Shipping = z.enum(['standard', 'express'], 'Choose how the order shall be sent.')
export type Shipping = z.infer<typeof Shipping>

export const SHIPPING_CENTS: Readonly<Record<Shipping, number>> = { standard: 590, express: 1_490 }

/** Maximum quantity of one bottle in an order: a case holds twelve bottles. */
export const LARGEST_QUANTITY = 12

export const Quantity = z.coerce
  .number<string | null>(`Enter a quantity of 1 to ${LARGEST_QUANTITY}.`)
  .int(`Enter a quantity of 1 to ${LARGEST_QUANTITY}.`)
  .min(1, `Enter a quantity of 1 to ${LARGEST_QUANTITY}.`)
  .max(LARGEST_QUANTITY, `Enter a quantity of 1 to ${LARGEST_QUANTITY}.`)

export interface OrderLine {
  readonly item: string
  readonly name: string
  readonly quantity: number
  readonly cents: number
}

/** An order that is being entered in the form. */
export interface OrderDraft {
  readonly shop: string
  address: Address | undefined
  shipping: Shipping | undefined
  readonly lines: Map<string, OrderLine>
}

/** A placed order, as in `GET /api/orders`. */
export interface Order {
  readonly number: string
  readonly user: string
  readonly shop: string
  readonly reference: string
  readonly address: Address
  readonly shipping: Shipping
  readonly lines: readonly OrderLine[]
  readonly totalCents: number
  readonly placedAt: number
}

export function newDraft(shop: string): OrderDraft {
  return { shop, address: undefined, shipping: undefined, lines: new Map() }
}

/** Returns the total price of an order in cents, with shipping. */
export function totalCents(draft: OrderDraft): number {
  const goods = [...draft.lines.values()].reduce((sum, line) => sum + line.cents * line.quantity, 0)
  return goods + (draft.shipping === undefined ? 0 : SHIPPING_CENTS[draft.shipping])
}

/** Maximum number of stored orders, so that a demo that runs for weeks stores only the newest. */
const ORDERS_KEPT = 1_000

/**
 * Placed orders, in memory, newest last. The order numbers depend only on the seed and the sequence
 * of orders.
 */
export class Orders {
  private readonly placed: Order[] = []
  private readonly seed: number
  private sequence = 0

  constructor(seed: number) {
    this.seed = seed
  }

  place(order: Omit<Order, 'number'>): Order {
    this.sequence += 1
    const number = `VB-${pick(90, this.seed, 'orders') + 10}${String(this.sequence).padStart(5, '0')}`
    const numbered = { number, ...order }
    this.placed.push(numbered)
    if (this.placed.length > ORDERS_KEPT) this.placed.shift()
    return numbered
  }

  find(number: string): Order | undefined {
    return this.placed.find(order => order.number === number)
  }

  all(): readonly Order[] {
    return this.placed
  }
}
