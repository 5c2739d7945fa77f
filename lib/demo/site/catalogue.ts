import { z } from 'zod'
import { AutomateError } from '../../core/errors/errors.ts'
import { chance } from './seeded-random.ts'
import { SHOPS } from './shops.ts'
import { WINES } from './wines.ts'
import type { Wine } from './wines.ts'

/**
 * Exact prices that replace the prices of the seed, in cents:
 * `{ "harbour-cellar/barolo-2019": 1999 }`. The part before the slash is a shop, or `*` for every
 * shop. The part after the slash is a bottle.
 */
export const PriceOverrides = z.record(z.string(), z.int().positive())
export type PriceOverrides = Readonly<z.infer<typeof PriceOverrides>>

/** One bottle on one shop's shelf. */
export interface Item {
  readonly shop: string
  readonly wine: Wine
  readonly cents: number
}

/** All shelves of the street: the items by the shop's slug, in the order of the shop's pages. */
export type Catalogue = ReadonlyMap<string, readonly Item[]>

/**
 * Width of the range of prices, as a share of the usual price. A shop's price is up to a fifth
 * below or above the usual one, so that comparing shops pays.
 */
const PRICE_SPREAD = 0.4
/**
 * Share of a shop's bottles that are sold out: one in eight, because a workflow must handle a
 * missing bottle.
 */
const SOLD_OUT = 0.125

/**
 * Returns the shelves for a seed and price overrides. Equal arguments return equal shelves.
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
