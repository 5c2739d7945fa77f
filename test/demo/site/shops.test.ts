import t from 'tap'
import { z } from 'zod'
import { startDemoSite } from '../../../lib/demo/site/demo-site.ts'
import type { DemoSiteOptions } from '../../../lib/demo/site/demo-site.ts'
import { SHOPS } from '../../../lib/demo/site/shops.ts'
import type { Test } from 'tap'
import { Visitor, itemsOf, pricesOf } from './visitor.ts'

async function open(t: Test, options: DemoSiteOptions = {}) {
  const site = await startDemoSite({ pace: 0, ...options })
  t.teardown(() => site.close())
  return { site, visitor: new Visitor(site.url) }
}

t.test('the index links every shop', async t => {
  const { visitor } = await open(t)
  const { status, body } = await visitor.get('/')
  const links = [...body.matchAll(/<a class="shop card" href="([^"]+)"/g)].map(match => match[1])
  t.equal(status, 200)
  t.same(
    links,
    SHOPS.map(shop => `/shops/${shop.slug}`),
  )
  t.ok(links.length >= 6)
})

t.test('paging shows every bottle of a shop once, each with the price of its own page', async t => {
  const { visitor } = await open(t)
  const shelf = new Map<string, number>()
  let next: string | undefined = '/shops/old-mill'
  for (let pages = 0; next !== undefined && pages < 10; pages += 1) {
    const { body } = await visitor.get(next)
    const prices = pricesOf(body)
    for (const [index, item] of itemsOf(body).entries()) {
      t.notOk(shelf.has(item), `${item} is only on one page`)
      shelf.set(item, prices[index] ?? 0)
    }
    next = /<a class="next" rel="next" href="([^"]+)"/.exec(body)?.[1]
  }
  t.ok(shelf.size > 12, 'there are several pages')
  for (const [item, cents] of shelf) {
    t.same(pricesOf((await visitor.get(`/shops/old-mill/${item}`)).body), [cents])
  }
  t.equal((await visitor.get('/shops/old-mill?page=99')).status, 404)
  t.equal((await visitor.get('/shops/old-mill?page=zero')).status, 404)
  t.equal((await visitor.get('/shops/old-mill/water')).status, 404)
  t.equal((await visitor.get('/shops/nobody')).status, 404)
})

t.test('the same seed gives the same prices, and another seed other prices', async t => {
  const catalogue = async (seed: number) => {
    const { visitor } = await open(t, { seed })
    return z
      .object({ shops: z.array(z.unknown()) })
      .parse(JSON.parse((await visitor.get('/api/catalogue')).body))
  }
  const first = await catalogue(1)
  t.same(await catalogue(1), first)
  t.notSame(await catalogue(2), first)
})

t.test('data sets exact prices, in one shop or in all, also of sold-out bottles', async t => {
  const { visitor } = await open(t, { data: { '*/barolo-2019': 3_000, 'market-hall/barolo-2019': 1_234 } })
  t.same(pricesOf((await visitor.get('/shops/market-hall/barolo-2019')).body), [1_234])
  for (const shop of ['corner-bottle', 'harbour-cellar', 'old-mill', 'vineyard-lane', 'slow-barrel']) {
    t.same(pricesOf((await visitor.get(`/shops/${shop}/barolo-2019`)).body), [3_000])
  }
})

t.test('refuses data that name no bottle of the street', async t => {
  for (const key of ['old-mill/water', 'nobody/barolo-2019', 'barolo-2019', 'old-mill/barolo-2019/x']) {
    await t.rejects(startDemoSite({ data: { [key]: 1 } }), { code: 'usage', facts: { key } })
  }
})

t.test('the shop with terms shows prices only after they were accepted', async t => {
  const { visitor } = await open(t, { data: { 'palazzo/barolo-2019': 2_500 } })
  const closed = await visitor.get('/shops/palazzo')
  t.same(pricesOf(closed.body), [])
  t.match(closed.body, "window.open('/shops/palazzo/terms'")
  t.equal((await visitor.get('/shops/palazzo/barolo-2019')).path, '/shops/palazzo')
  t.same(pricesOf((await visitor.get('/shops/palazzo/offers')).body), [])

  await visitor.post('/shops/palazzo/terms')
  t.ok(pricesOf((await visitor.get('/shops/palazzo')).body).length > 0)
  t.same(pricesOf((await visitor.get('/shops/palazzo/barolo-2019')).body), [2_500])
  t.equal(pricesOf((await visitor.get('/shops/palazzo/offers')).body).length, 3)
  t.match((await visitor.get('/shops/palazzo')).body, 'target="_blank"')
})

t.test(
  'the failing shop answers 503 with Retry-After and drops connections, reproducibly for a seed',
  async t => {
    const fates = async (seed: number) => {
      const { visitor } = await open(t, { seed })
      const seen: string[] = []
      for (let visit = 0; visit < 20; visit += 1) {
        try {
          const { status, headers } = await visitor.get('/shops/stormy-hill')
          if (status === 503) t.equal(headers.get('retry-after'), '1')
          seen.push(String(status))
        } catch {
          seen.push('dropped')
        }
      }
      return seen
    }
    const first = await fates(7)
    t.equal(first.filter(fate => fate === '503').length, 2)
    t.equal(first.filter(fate => fate === 'dropped').length, 2)
    t.equal(first.filter(fate => fate === '200').length, 16)
    t.same(await fates(7), first)
    t.notSame(await fates(8), first)
  },
)
