import { z } from 'zod'
import { AutomateError } from '../../core/errors/errors.ts'
import { chance } from './seeded-random.ts'
import { SHOPS } from './shops.ts'
import { WINES } from './wines.ts'
import type { Wine } from './wines.ts'

/**
 * Exact prices that replace those of the seed: `{ "harbour-cellar/barolo-2019": 1999 }`, in cents.
 * The part before the slash is a shop or `*` for every shop; the part after the slash is a bottle.
 */
export const PriceOverrides = z.record(z.string(), z.int().positive())
export type PriceOverrides = Readonly<z.infer<typeof PriceOverrides>>

/** One bottle on one shop's shelf. */
export interface Item {
  readonly shop: string
  readonly wine: Wine
  readonly cents: number
}

/** Every shelf of the street: items by shop slug, in the order of its pages. */
export type Catalogue = ReadonlyMap<string, readonly Item[]>

/**
 * Range of the shops' prices: up to a fifth around the usual price, so that comparing shops pays.
 */
const PRICE_SPREAD = 0.4
/**
 * Share of bottles that are sold out in a shop: one in eight, because a workflow must handle a
 * missing bottle.
 */
const SOLD_OUT = 0.125

/**
 * Returns the shelves of a seed and overrides. Equal arguments return equal shelves.
 * @throws `usage` if an override names no shop or bottle of the street.
 */
export function buildCatalogue(seed: number, overrides: PriceOverrides = {}): Catalogue {
  for (const key of Object.keys(overrides)) refuseUnknown(key)
  return new Map(SHOPS.map(shop => [shop.slug, shelf(seed, shop.slug, overrides)]))
}

function shelf(seed: number, shop: string, overrides: PriceOverrides): readonly Item[] {
  return WINES.flatMap(wine => {
    const fixed = overrides[`${shop}/${wine.slug}`] ?? overrides[`*/${wine.slug}`]
    if (fixed !== undefined) return [{ shop, wine, cents: fixed }]
    if (chance(seed, 'sold out', shop, wine.slug) < SOLD_OUT) return []
    const factor = 1 + PRICE_SPREAD * (chance(seed, 'price', shop, wine.slug) - 0.5)
    return [{ shop, wine, cents: Math.round(wine.usualCents * factor) }]
  }).sort((a, b) => chance(seed, 'place', shop, a.wine.slug) - chance(seed, 'place', shop, b.wine.slug))
}

function refuseUnknown(key: string): void {
  const [shop, wine, ...rest] = key.split('/')
  const known =
    rest.length === 0 &&
    (shop === '*' || SHOPS.some(each => each.slug === shop)) &&
    WINES.some(each => each.slug === wine)
  if (known) return
  throw new AutomateError(
    'usage',
    `"${key}" is not a bottle of the demo site. Use <shop>/<bottle>, such as "${SHOPS[0]?.slug}/${WINES[0]?.slug}", or */<bottle> for every shop.`,
    { facts: { key } },
  )
}
