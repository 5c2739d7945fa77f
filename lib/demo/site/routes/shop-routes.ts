import type { Item } from '../catalogue.ts'
import { page, redirect } from '../http.ts'
import type { SiteReply, SiteRequest, SiteRoute } from '../http.ts'
import { faultOf } from '../fault-injection.ts'
import { messagePage } from '../pages/layout.ts'
import {
  closedPage,
  itemPage,
  offersPage,
  shelfPage,
  streetPage,
  termsAcceptedPage,
  termsPage,
} from '../pages/shop-pages.ts'
import { SHOPS, findShop } from '../shops.ts'
import type { Shop } from '../shops.ts'
import type { Street } from '../street.ts'

/** Latency of the index page, long enough that sharing its contents between workers pays. */
const INDEX_LATENCY_MS = 400
/** Number of items on a page: two full rows, so that a shop's items fill two or three pages. */
const ITEMS_PER_PAGE = 8
const OFFERS = 3
const RETRY_AFTER_SECONDS = 1

/** Returns the routes of the index page and of the shops' bottles, offers and terms. */
export function shopRoutes(street: Street): readonly SiteRoute[] {
  const visits = new Map<string, number>()

  /**
   * Returns a handler that finds the shop, waits for its latency, fails if a failure is due, and
   * otherwise replies.
   */
  const inShop =
    (answer: (shop: Shop, request: SiteRequest) => SiteReply) =>
    async (request: SiteRequest): Promise<SiteReply> => {
      const shop = findShop(request.param('shop'))
      if (shop === undefined) return page(messagePage('No such shop', 'Nobody on the street knows it.'), 404)
      const count = visits.get(shop.slug) ?? 0
      visits.set(shop.slug, count + 1)
      await street.linger(shop.latencyMs)
      const fault = shop.manner === 'fails-at-times' ? faultOf(street.seed, count) : 'answered'
      if (fault === 'dropped') return { kind: 'drop' }
      return fault === 'unavailable' ? unavailable(shop) : answer(shop, request)
    }

  const shelfOf = (shop: Shop): readonly Item[] => street.catalogue.get(shop.slug) ?? []
  const item = (shop: Shop, request: SiteRequest) =>
    shelfOf(shop).find(each => each.wine.slug === request.param('item'))

  return [
    {
      method: 'GET',
      path: '/',
      answer: async () => {
        await street.linger(INDEX_LATENCY_MS)
        return page(streetPage(SHOPS))
      },
    },
    {
      method: 'GET',
      path: '/shops/:shop',
      answer: inShop((shop, request) =>
        mayEnter(shop, request) ? shelf(shop, shelfOf(shop), request) : page(closedPage(shop)),
      ),
    },
    { method: 'GET', path: '/shops/:shop/terms', answer: inShop(shop => page(termsPage(shop))) },
    {
      method: 'POST',
      path: '/shops/:shop/terms',
      answer: inShop(shop =>
        page(termsAcceptedPage(shop), 200, {
          'set-cookie': `${termsCookie(shop)}=accepted; Path=/; SameSite=Lax`,
        }),
      ),
    },
    {
      method: 'GET',
      path: '/shops/:shop/offers',
      answer: inShop((shop, request) => {
        if (!mayEnter(shop, request)) return page(closedPage(shop))
        const cheapest = [...shelfOf(shop)].sort((a, b) => a.cents - b.cents).slice(0, OFFERS)
        return page(offersPage(shop, cheapest))
      }),
    },
    {
      method: 'GET',
      path: '/shops/:shop/:item',
      answer: inShop((shop, request) => {
        if (!mayEnter(shop, request)) return redirect(`/shops/${shop.slug}`)
        const found = item(shop, request)
        return found === undefined
          ? page(messagePage('Not on our shelf', `${shop.name} does not sell this bottle today.`), 404)
          : page(itemPage(shop, found))
      }),
    },
  ]
}

const termsCookie = (shop: Shop): string => `terms-${shop.slug}`

function mayEnter(shop: Shop, request: SiteRequest): boolean {
  return shop.manner !== 'asks-for-terms' || request.cookies.get(termsCookie(shop)) === 'accepted'
}

function shelf(shop: Shop, items: readonly Item[], request: SiteRequest): SiteReply {
  const pages = Math.max(1, Math.ceil(items.length / ITEMS_PER_PAGE))
  const asked = Number(request.query.get('page') ?? '1')
  if (!Number.isInteger(asked) || asked < 1 || asked > pages) {
    return page(messagePage('No such page', `${shop.name} has pages 1 to ${pages}.`), 404)
  }
  const shown = items.slice((asked - 1) * ITEMS_PER_PAGE, asked * ITEMS_PER_PAGE)
  return page(shelfPage(shop, { items: shown, page: asked, pages }))
}

function unavailable(shop: Shop): SiteReply {
  return page(
    messagePage('The lights went out', `${shop.name} is back in a moment. Please try again.`),
    503,
    { 'retry-after': String(RETRY_AFTER_SECONDS) },
  )
}
