import { readdirSync } from 'node:fs'
import type { Test } from 'tap'
import { z } from 'zod'
import { Automate } from './automate.ts'
import type { AutomateOptions, JsonLine } from './automate.ts'
import { newFolder } from './project.ts'

/** What a shop sends an order for, at its cheapest. */
const STANDARD_SHIPPING_CENTS = 590

export const CheapestResult = z.object({ shop: z.string(), bottle: z.string(), cents: z.int() })
export const OrderResult = z.object({
  number: z.string(),
  bottles: z.array(z.string()),
  totalCents: z.int(),
})

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

/** The demo, with a folder of its own for what it leaves in the system's temporary folder. */
export function startDemo(
  t: Pick<Test, 'teardown'>,
  args: readonly string[] = [],
  options: AutomateOptions = {},
): { readonly demo: Automate; readonly temporary: string; readonly leftovers: () => string[] } {
  const temporary = newFolder()
  const env = { ...options.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary }
  const demo = new Automate(t, ['demo', ...args], { ...options, env })
  return {
    demo,
    temporary,
    leftovers: () => readdirSync(temporary).filter(name => name.startsWith('automate-tui')),
  }
}

/** The result of a job, from the demo's JSON lines. */
export function resultOf<S extends z.ZodType>(
  lines: readonly JsonLine[],
  job: number,
  schema: S,
): z.output<S> {
  return schema.parse(lines.find(line => line.event === 'result' && line['job'] === job)?.['result'])
}

/** Asks the demo's site what it knows. */
export async function askSite(url: string) {
  const ask = async (path: string): Promise<unknown> => (await fetch(new URL(path, url))).json()
  return {
    catalogue: Catalogue.parse(await ask('/api/catalogue')),
    orders: Orders.parse(await ask('/api/orders')).orders,
    paths: Stats.parse(await ask('/api/stats')).paths,
  }
}

/** What a site's data make the cheapest offer. */
export function cheapestOf({ shops }: Catalogue): { readonly shop: string; readonly cents: number } {
  const offers = shops.flatMap(({ name, items }) => items.map(({ cents }) => ({ shop: name, cents })))
  const [cheapest] = offers.toSorted((a, b) => a.cents - b.cents)
  if (cheapest === undefined) throw new Error('the site sells nothing')
  return cheapest
}

/** What these bottles and their shipping cost in a shop, by the site's data. */
export function totalOf({ shops }: Catalogue, shop: string, bottles: readonly string[]): number {
  const shelf = new Map(
    shops.find(({ slug }) => slug === shop)?.items.map(({ item, cents }) => [item, cents]),
  )
  return bottles.reduce((sum, bottle) => sum + (shelf.get(bottle) ?? NaN), STANDARD_SHIPPING_CENTS)
}
