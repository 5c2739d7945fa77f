import t from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'
import type { OpenBrowser } from '../../../lib/execution/browser/launch/open-browser.ts'
import {
  clearBrowserState,
  readBrowserState,
  restoreBrowserState,
} from '../../../lib/execution/session/browser-state.ts'
import { accountLogin, newBrowser } from '../../helpers/sites/account-login.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const FILL = `(async () => {
  document.cookie = 'visible=1'
  localStorage.setItem('token', 'jwt "☕"')
  const opening = indexedDB.open('auth', 3)
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('users', { keyPath: 'id' }).createIndex('name', 'name', { unique: true })
    opening.result.createObjectStore('keys', { autoIncrement: true })
  }
  await new Promise(resolve => { opening.onsuccess = resolve })
  const work = opening.result.transaction(['users', 'keys'], 'readwrite')
  work.objectStore('users').put({ id: 7, name: 'anna', since: new Date(5), tags: ['a', null], raw: new Uint8Array([1, 2]), gone: undefined })
  work.objectStore('users').put({ id: 8, name: 'file', file: new Blob(['x']) })
  work.objectStore('keys').put('k')
  await new Promise(resolve => { work.oncomplete = resolve })
})()`

const LOOK = `(async () => {
  const opening = indexedDB.open('auth')
  await new Promise(resolve => { opening.onsuccess = resolve })
  const users = opening.result.transaction('users').objectStore('users')
  const asking = users.index('name').get('anna')
  await new Promise(resolve => { asking.onsuccess = resolve })
  const { since, raw, ...anna } = asking.result
  return { cookie: document.cookie, token: localStorage.token, version: opening.result.version, since: since.getTime(), raw: [...raw], anna }
})()`

const partsOf = ({ page }: OpenBrowser, ...origins: string[]) => ({ origins, pages: [page] })

/** Options that read and restore a whole state. */
const wholly = {
  signal: new AbortController().signal,
  clock: systemClock,
  onSkipped: (what: string, why: unknown) => {
    throw new Error(`${what} was left out`, { cause: why })
  },
  onUnsaved: () => undefined,
  onLeft: (origins: readonly string[]) => {
    throw new Error(`${origins.join()} was not read`)
  },
}

t.test('copies the state of a site from one browser to another', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const [one, two] = await Promise.all([newBrowser(t), newBrowser(t)])
  await one.page.goto(site.url)
  await one.page.evaluate(FILL)
  const seen = await one.page.evaluate(LOOK)
  await one.page.goto('about:blank')

  const state = await readBrowserState(one.context, partsOf(one, site.url), wholly)
  t.equal((await one.context.pages()).length, 1, 'no page for it remains')
  await restoreBrowserState(two.context, state, wholly)
  await two.page.goto(site.url)
  t.same(await two.page.evaluate(LOOK), seen)
  t.match(seen, {
    cookie: 'visible=1',
    version: 3,
    since: 5,
    raw: [1, 2],
    anna: { id: 7, tags: ['a', null] },
  })

  await clearBrowserState(two.context, two.page, state)
  t.same(await two.page.evaluate('[document.cookie, localStorage.length]'), ['', 0])
})

/**
 * Values that JSON cannot represent, with a text for each that differs from the texts of all
 * others.
 */
const KINDS = `({
  numbers: [NaN, Infinity, -Infinity, -0, 0], big: 2n ** 70n,
  map: new Map([[{ a: 1 }, new Set([1, 'x'])]]),
  buffer: new Uint8Array([1, 2, 250]).buffer, view: new Uint16Array(new Uint16Array([7, 500, 9]).buffer, 2, 1),
  data: new DataView(new Uint8Array([4, 5]).buffer), clamped: new Uint8ClampedArray([6]), big64: new BigInt64Array([-1n]),
  never: new Date(NaN),
})`
const TEXTS = `value => ({
  numbers: value.numbers.map(n => (Object.is(n, -0) ? '-0' : String(n))), big: String(value.big),
  map: [...value.map].map(([key, set]) => [JSON.stringify(key), ...set]),
  bytes: [value.buffer, value.view, value.data, value.clamped, value.big64].map(v => [v.constructor.name, ...new Uint8Array(v.buffer ?? v, v.byteOffset ?? 0, v.byteLength)]),
  never: String(value.never),
})`

const PUT_KINDS = `(async () => {
  const opening = indexedDB.open('kinds', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('values')
  await new Promise(resolve => { opening.onsuccess = resolve })
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
  const work = opening.result.transaction('values', 'readwrite')
  work.objectStore('values').put(${KINDS}, 'all')
  work.objectStore('values').put({ privateKey }, 'key')
  work.objectStore('values').put(new Blob(['x']), 'file')
  work.objectStore('values').put(1, new Uint8Array([1]).buffer)
  await new Promise(resolve => { work.oncomplete = resolve })
  return (${TEXTS})(${KINDS})
})()`

const SHOW_KINDS = `(async () => {
  const opening = indexedDB.open('kinds')
  await new Promise(resolve => { opening.onsuccess = resolve })
  const store = opening.result.transaction('values').objectStore('values')
  const [all, keys] = [store.get('all'), store.getAllKeys()]
  await new Promise(resolve => { keys.onsuccess = resolve })
  return { all: (${TEXTS})(all.result), keys: keys.result.map(key => typeof key === 'string' ? key : key.byteLength) }
})()`

t.test('saves IndexedDB records of every kind, and names those that cannot be saved', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const [one, two] = await Promise.all([newBrowser(t), newBrowser(t)])
  // Browser keys exist only on secure addresses.
  const url = site.url.replace('127.0.0.1', 'localhost')
  await one.page.goto(url)
  const put = await one.page.evaluate(PUT_KINDS)
  const unsaved: unknown[] = []
  const state = await readBrowserState(one.context, partsOf(one, url), {
    ...wholly,
    onUnsaved: (origin, records) => unsaved.push([origin, records]),
  })
  t.same(unsaved, [[url, { records: 2, kinds: ['Blob', 'CryptoKey'] }]])
  await restoreBrowserState(two.context, state, wholly)
  await two.page.goto(url)
  t.same(await two.page.evaluate(SHOW_KINDS), { all: put, keys: ['all', 1] })
})

t.test('keeps items with the names of storage functions', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const [one, two] = await Promise.all([newBrowser(t), newBrowser(t)])
  const names = [
    ...['normal', '', 'key', 'length', 'getItem', 'setItem', 'clear', 'removeItem'],
    ...['constructor', '__proto__', 'toString'],
  ]
  await one.page.goto(site.url)
  await one.page.evaluate(
    `for (const name of ${JSON.stringify(names)}) localStorage.setItem(name, 'of ' + name)`,
  )
  const look = `${JSON.stringify(names)}.map(name => localStorage.getItem(name))`
  for (const place of ['its own page', 'an empty page']) {
    const state = await readBrowserState(one.context, partsOf(one, site.url), wholly)
    await restoreBrowserState(two.context, state, wholly)
    await two.page.goto(site.url)
    t.same(
      await two.page.evaluate(look),
      names.map(name => `of ${name}`),
      place,
    )
    await clearBrowserState(two.context, two.page, state)
    await one.page.goto('about:blank')
  }
})

t.test("does not mistake the storage of another site for the login's own after a navigation", async t => {
  const [shop, other] = [await gatedSite('<h1>Shop</h1>'), await gatedSite('<h1>Other</h1>')]
  for (const site of [shop, other]) t.teardown(site.close)
  const one = await newBrowser(t)
  await one.page.goto(other.url)
  await one.page.evaluate("localStorage.setItem('token', 'of another site')")
  // Simulates a navigation, in which the address of a page changes before its content.
  one.page.url = () => shop.url
  const skipped: string[] = []
  const state = await readBrowserState(one.context, partsOf(one, shop.url), {
    ...wholly,
    onLeft: () => undefined,
    onSkipped: (what, why) => skipped.push(`${what}: ${String(why)}`),
  })
  t.same(state.origins, [])
  t.same(skipped, [`${shop.url}: Error: The page navigated to ${other.url} while its storage was read.`])
})

t.test('a site with unsaveable storage does not affect other sites', async t => {
  const [shop, other] = [await gatedSite('<h1>Shop</h1>'), await gatedSite('<h1>Other</h1>')]
  for (const site of [shop, other]) t.teardown(site.close)
  const [one, two] = await Promise.all([newBrowser(t), newBrowser(t)])
  await one.page.goto(other.url)
  await one.page.evaluate(`(async () => {
    const opening = indexedDB.open('odd')
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore('lists')
      opening.result.createObjectStore('named', { keyPath: 'id' })
    }
    await new Promise(resolve => { opening.onsuccess = resolve })
    const work = opening.result.transaction(['lists', 'named'], 'readwrite')
    let deep = []
    for (let n = 0; n < 500; n += 1) deep = [deep]
    work.objectStore('lists').put([, 1], 'sparse')
    work.objectStore('lists').put(deep, 'deep')
    work.objectStore('named').put(Object.assign([1], { id: 1 }))
    await new Promise(resolve => { work.oncomplete = resolve })
  })()`)
  await one.page.goto(shop.url)
  await one.page.evaluate("localStorage.setItem('token', 'kept')")
  const state = await readBrowserState(one.context, partsOf(one, other.url, shop.url), wholly)
  await restoreBrowserState(two.context, state, wholly)
  await two.page.goto(other.url)
  t.same(
    await two.page.evaluate(`(async () => {
      const opening = indexedDB.open('odd')
      await new Promise(resolve => { opening.onsuccess = resolve })
      const work = opening.result.transaction(['lists', 'named'])
      const asked = ['lists', 'named'].map(name => work.objectStore(name).getAll())
      await new Promise(resolve => { work.oncomplete = resolve })
      return asked.map(({ result }) => JSON.stringify(result))
    })()`),
    ['[[null,1]]', '[]'],
  )

  t.comment('a state saved before such records were excluded')
  const left: string[] = []
  const broken = { localStorage: [], databases: [{ name: 'odd', version: 1, stores: 'none' }] }
  const odd = { ...state, origins: [{ origin: other.url, storage: broken }, ...state.origins] }
  await clearBrowserState(two.context, two.page, state)
  await restoreBrowserState(two.context, odd, { ...wholly, onSkipped: what => left.push(what) })
  t.strictSame(left, [other.url])
  await two.page.goto(shop.url)
  t.equal(await two.page.evaluate('localStorage.token'), 'kept')
})

t.test('a login that is too large names its largest part, and how to leave it out', async t => {
  const site = await gatedSite('<h1>Mail</h1>')
  t.teardown(site.close)
  const { account, phase, said, store } = await accountLogin(t)
  const one = await newBrowser(t)
  const fill = (characters: number) =>
    one.page.evaluate(`(async () => {
      const opening = indexedDB.open('mails')
      opening.onupgradeneeded = () => opening.result.createObjectStore('all')
      await new Promise(resolve => { opening.onsuccess = resolve })
      const work = opening.result.transaction('all', 'readwrite')
      work.objectStore('all').put('m'.repeat(${characters}), 1)
      await new Promise(resolve => { work.oncomplete = resolve })
      opening.result.close()
    })()`)
  const plan = (characters: number) => ({
    ...{ site: 'mail', account: 'anna', check: () => Promise.resolve(true) },
    login: async () => {
      await one.page.goto(site.url)
      await fill(characters)
    },
  })
  const problem =
    /The login of mail\/anna cannot be saved, because its sites store 6\.7MB .* at most 5\.7MB .* Most of it is IndexedDB "mails" of http.* \(6\.7MB\).*indexedDB\.deleteDatabase/
  await t.rejects(account.open(plan(7_000_000), one, phase), {
    code: 'hard-fail',
    message: problem,
    facts: { largest: { kind: 'IndexedDB', name: 'mails' } },
  })
  t.match(await store.call('sessions.list', {}), [{ savedAt: null }])

  t.comment('a login that grows too large later does not fail a finished job')
  await account.open(plan(10), one, phase)
  await fill(7_000_000)
  await account.keep(one, new AbortController().signal)
  t.match(said.at(-1), problem)
})

t.test('an alert of a page delays neither a finished job nor a stop', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const { account, phase, said, stop, clock, store } = await accountLogin(t)
  const one = await newBrowser(t)
  const login = async () => {
    await one.page.goto(site.url)
    await one.page.evaluate(`localStorage.setItem('token', 'kept')`)
  }
  await account.open(
    { site: site.url, account: 'anna', login, check: () => Promise.resolve(true) },
    one,
    phase,
  )
  phase.end()
  const saves = () =>
    said.filter(text => text.includes('remains in the login, because it could not be read again'))
  const shown = new Promise(resolve => one.page.once('dialog', resolve))
  await one.page.evaluate(`setTimeout(() => alert('Thank you for your order'))`)
  await shown

  const lost = new AbortController()
  const slow = account.keep(one, lost.signal)
  await until('the limit', () => clock.isDueIn(3_000))
  clock.advance(3_000)
  await slow
  t.match(saves(), [/Its storage did not end within 3000 ms/])
  t.match(await store.call('sessions.list', {}), [{ savedAt: Number }])

  const stopped = account.keep(one, lost.signal)
  stop.request('drain')
  await stopped
  t.match(
    said.filter(text => text.startsWith('the login could not')),
    [/asked to stop: drain/],
  )
  await until('no timer', () => clock.waiting <= 1)
  clock.advance(3_000)
  t.equal(clock.waiting, 0)
  t.equal(saves().length, 1, 'a save that was given up saves nothing')
})
