import { z } from 'zod'

/** Cheapest shipping price of a shop. */
const STANDARD_SHIPPING_CENTS = 590

const Catalogue = z.object({
  shops: z.array(
    z.object({
      slug: z.string(),
      name: z.string(),
      items: z.array(z.object({ item: z.string(), cents: z.int() })),
    }),
  ),
})
export type Catalogue = z.infer<typeof Catalogue>

const Orders = z.object({
  orders: z.array(z.object({ number: z.string(), reference: z.string(), totalCents: z.int() })),
})
const Stats = z.object({ paths: z.record(z.string(), z.int()) })

/** Returns the data of the demo's site. */
export async function askSite(url: string) {
  const ask = async (path: string): Promise<unknown> => (await fetch(new URL(path, url))).json()
  return {
    catalogue: Catalogue.parse(await ask('/api/catalogue')),
    orders: Orders.parse(await ask('/api/orders')).orders,
    paths: Stats.parse(await ask('/api/stats')).paths,
  }
}

/** Returns the cheapest offer according to the site's data. */
export function cheapestOf({ shops }: Catalogue): { readonly shop: string; readonly cents: number } {
  const offers = shops.flatMap(({ name, items }) => items.map(({ cents }) => ({ shop: name, cents })))
  const [cheapest] = offers.toSorted((a, b) => a.cents - b.cents)
  if (cheapest === undefined) throw new Error('the site sells nothing')
  return cheapest
}

/**
 * Returns the price of the given bottles in a shop, with shipping, according to the site's data. In
 * cents.
 */
export function totalOf({ shops }: Catalogue, shop: string, bottles: readonly string[]): number {
  const shelf = new Map(
    shops.find(({ slug }) => slug === shop)?.items.map(({ item, cents }) => [item, cents]),
  )
  return bottles.reduce((sum, bottle) => sum + (shelf.get(bottle) ?? NaN), STANDARD_SHIPPING_CENTS)
}
