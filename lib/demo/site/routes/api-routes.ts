import type { SiteRoute } from '../http.ts'
import { SHOPS } from '../shops.ts'
import type { Street } from '../street.ts'

/** Returns the routes that serve the site's data as JSON, for tests. */
export function apiRoutes(street: Street): readonly SiteRoute[] {
  return [
    {
      method: 'GET',
      path: '/api/stats',
      answer: () => ({ kind: 'json', value: street.counts.stats() }),
    },
    {
      method: 'GET',
      path: '/api/orders',
      answer: () => ({ kind: 'json', value: { orders: street.orders.all() } }),
    },
    {
      method: 'GET',
      path: '/api/catalogue',
      answer: () => ({
        kind: 'json',
        value: {
          seed: street.seed,
          shops: SHOPS.map(({ slug, name }) => ({
            slug,
            name,
            items: (street.catalogue.get(slug) ?? []).map(({ wine, cents }) => ({ item: wine.slug, cents })),
          })),
        },
      }),
    },
  ]
}
