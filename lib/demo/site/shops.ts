/** Special behaviour of a shop's site, which workflows must handle. */
export type ShopManner = 'plain' | 'fails-at-times' | 'asks-for-terms'

export interface Shop {
  readonly slug: string
  readonly name: string
  readonly motto: string
  /** Delay before each of the shop's replies. */
  readonly latencyMs: number
  readonly manner: ShopManner
  /** CSS colour of the shop's sign. */
  readonly colour: string
}

/**
 * The shops of the street, in the order of the index. Slugs are stable, because workflows, price
 * files and tests name them.
 */
export const SHOPS: readonly Shop[] = [
  shop('corner-bottle', 'The Corner Bottle', 'Small shelf, quick hands', 50, 'plain', '#7a1f3d'),
  shop('harbour-cellar', 'Harbour Cellar', 'From the quay since 1921', 80, 'plain', '#1f4e7a'),
  shop('old-mill', 'Old Mill Wines', 'Stone vaults, honest prices', 120, 'plain', '#6b5b2a'),
  shop('stormy-hill', 'Stormy Hill Vintners', 'Great wine, poor wiring', 150, 'fails-at-times', '#3f4a5a'),
  shop('palazzo', 'Enoteca del Palazzo', 'By our rules, with pleasure', 180, 'asks-for-terms', '#8a3b12'),
  shop('vineyard-lane', 'Vineyard Lane', 'Growers we know by name', 200, 'plain', '#2f6b3a'),
  shop('market-hall', 'Market Hall Bottles', 'Fresh arrivals every Friday', 300, 'plain', '#5a2f7a'),
  shop('slow-barrel', 'The Slow Barrel', 'Good things take their time', 600, 'plain', '#2a5f63'),
]

export function findShop(slug: string): Shop | undefined {
  return SHOPS.find(each => each.slug === slug)
}

function shop(
  slug: string,
  name: string,
  motto: string,
  latencyMs: number,
  manner: ShopManner,
  colour: string,
): Shop {
  return { slug, name, motto, latencyMs, manner, colour }
}
