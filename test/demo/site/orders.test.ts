import t from 'tap'
import type { Test } from 'tap'
import { z } from 'zod'
import { startDemoSite } from '../../../lib/demo/site/demo-site.ts'
import type { DemoSiteOptions } from '../../../lib/demo/site/demo-site.ts'
import { Visitor, pricesOf } from './visitor.ts'

const ADDRESS = { name: 'Ada Bianchi', street: 'Via Roma 1', postcode: '10121', city: 'Torino' }

async function open(t: Test, options: DemoSiteOptions = {}) {
  const site = await startDemoSite({ pace: 0, ...options })
  t.teardown(() => site.close())
  return new Visitor(site.url)
}

async function ordersOf(visitor: Visitor) {
  const Orders = z.object({ orders: z.array(z.looseObject({ number: z.string(), totalCents: z.int() })) })
  return Orders.parse(JSON.parse((await visitor.get('/api/orders')).body)).orders
}

t.test('the order form redirects a stranger to the login, and back afterwards', async t => {
  const visitor = await open(t)
  const sent = await visitor.get('/order/new')
  t.equal(sent.path, '/account/login?next=%2Forder%2Fnew')
  t.notMatch(sent.body, 'expired')
  t.equal((await visitor.signIn('operator', 'red-or-white', '/order/new')).path, '/order/address')
})

t.test('a wrong password shows an error page, and signs nobody in', async t => {
  const visitor = await open(t)
  for (const [name, password] of [
    ['operator', 'wrong'],
    ['nobody', 'red-or-white'],
    ['', ''],
  ] as const) {
    const refused = await visitor.signIn(name, password)
    t.equal(refused.status, 401)
    t.match(refused.body, 'The user name or the password is wrong.')
  }
  t.match((await visitor.get('/account')).path, '/account/login')
})

t.test('the login redirects only to pages of this site', async t => {
  for (const next of ['//elsewhere.invalid/', 'https://elsewhere.invalid/', '/\\elsewhere.invalid']) {
    t.equal((await (await open(t)).signIn('operator', 'red-or-white', next)).path, '/account')
  }
})

t.test('an expired session redirects to the login, which reports the expiry', async t => {
  let now = 1_000
  const clock = { now: () => now, monotonic: () => now, after: () => () => undefined }
  const visitor = await open(t, { clock, sessionMs: 500 })
  await visitor.signIn()
  now += 499
  t.equal((await visitor.get('/account')).path, '/account')
  now += 1
  const sent = await visitor.get('/account')
  t.match(sent.path, 'reason=expired')
  t.match(sent.body, 'Your session has expired')
  await visitor.signIn()
  t.equal((await visitor.get('/account')).path, '/account')
})

t.test('signing out ends the session', async t => {
  const visitor = await open(t)
  await visitor.signIn()
  t.equal((await visitor.post('/account/logout')).path, '/')
  t.match((await visitor.get('/account')).path, '/account/login')
})

t.test('an order goes through every step and then exists', async t => {
  const visitor = await open(t, { data: { 'harbour-cellar/barolo-2019': 2_000, '*/soave-2022': 1_000 } })
  await visitor.signIn()
  t.equal((await visitor.get('/order/new?shop=harbour-cellar')).path, '/order/address')
  t.equal((await visitor.post('/order/address', ADDRESS)).path, '/order/shipping')
  t.equal((await visitor.post('/order/shipping', { shipping: 'express' })).path, '/order/items')
  await visitor.post('/order/items', { item: 'barolo-2019', quantity: '2' })
  await visitor.post('/order/items', { item: 'barolo-2019', quantity: '1' })
  await visitor.post('/order/items', { item: 'soave-2022', quantity: '1' })
  const review = await visitor.post('/order/items/done')
  t.equal(review.path, '/order/review')
  t.match(review.body, '<data class="total" value="8490">')
  const placed = await visitor.post('/order/review', { adult: 'yes', reference: 'for <Ada>' })
  const number = /class="order-number">([^<]+)</.exec(placed.body)?.[1]
  t.match(number, /^VB-\d{7}$/)
  t.equal(placed.path, `/order/confirmation/${number}`)
  t.match(placed.body, 'for &lt;Ada&gt;', 'visitor input is escaped')
  t.match(await ordersOf(visitor), [
    {
      number,
      user: 'operator',
      shop: 'harbour-cellar',
      reference: 'for <Ada>',
      address: ADDRESS,
      shipping: 'express',
      totalCents: 8_490,
      lines: [
        { item: 'barolo-2019', quantity: 3, cents: 2_000 },
        { item: 'soave-2022', quantity: 1, cents: 1_000 },
      ],
    },
  ])
  t.match((await visitor.get('/account')).body, number)

  const again = await visitor.post('/order/review', { adult: 'yes' })
  t.equal(again.path, '/order/address', 'sending the form twice starts a new order instead of a duplicate')
  t.equal((await ordersOf(visitor)).length, 1)
})

t.test('shows an error at its field, and keeps the valid values', async t => {
  const visitor = await open(t)
  await visitor.signIn()
  await visitor.get('/order/new')
  const address = await visitor.post('/order/address', { ...ADDRESS, name: '', postcode: '!' })
  t.equal(address.status, 422)
  t.match(address.body, /data-field="name">Enter your name\./)
  t.match(address.body, /data-field="postcode">Enter a postcode/)
  t.notMatch(address.body, 'data-field="city"')
  t.match(address.body, 'value="Torino"')

  await visitor.post('/order/address', ADDRESS)
  const shipping = await visitor.post('/order/shipping', {})
  t.equal(shipping.status, 422)
  t.match(shipping.body, 'Choose how the order shall be sent.')

  await visitor.post('/order/shipping', { shipping: 'standard' })
  t.match((await visitor.post('/order/items/done')).body, 'Your cart is empty.')
  t.match((await visitor.post('/order/items', { item: 'water', quantity: '1' })).body, 'not on our shelf')
  const shelf = await visitor.get('/order/items')
  const item = /data-item="([^"]+)"/.exec(shelf.body)?.[1] ?? ''
  t.ok(pricesOf(shelf.body).length > 12)
  for (const quantity of ['0', '13', '1.5', 'many', '']) {
    const refused = await visitor.post('/order/items', { item, quantity })
    t.equal(refused.status, 422)
    t.match(refused.body, 'Enter a quantity of 1 to 12.')
  }
  await visitor.post('/order/items', { item, quantity: '12' })
  t.match((await visitor.post('/order/items', { item, quantity: '1' })).body, 'at most 12 bottles')
  t.match((await visitor.post('/order/review', {})).body, 'Confirm that you are of age.')
  t.same(await ordersOf(visitor), [])
})

t.test('no step can be skipped', async t => {
  const visitor = await open(t)
  await visitor.signIn()
  t.equal((await visitor.get('/order/review')).path, '/order/address', 'a review without an order begins one')
  t.equal((await visitor.get('/order/items')).path, '/order/address')
  await visitor.post('/order/address', ADDRESS)
  t.equal((await visitor.get('/order/review')).path, '/order/shipping')
  await visitor.post('/order/shipping', { shipping: 'standard' })
  t.equal((await visitor.post('/order/review', { adult: 'yes' })).path, '/order/items')
})

t.test('two visitors have two orders', async t => {
  const site = await startDemoSite({ pace: 0 })
  t.teardown(() => site.close())
  const [one, other] = [new Visitor(site.url), new Visitor(site.url)]
  for (const visitor of [one, other]) {
    await visitor.signIn()
    await visitor.get('/order/new')
  }
  await one.post('/order/address', ADDRESS)
  t.equal((await one.get('/order/shipping')).path, '/order/shipping')
  t.equal((await other.get('/order/shipping')).path, '/order/address')
})
