import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { systemClock } from '../../lib/core/clock.ts'
import { openBrowser } from '../../lib/execution/browser/open-browser.ts'
import {
  clearBrowserState,
  readBrowserState,
  restoreBrowserState,
} from '../../lib/execution/session/browser-state.ts'
import { newFolder } from '../helpers/project.ts'
import { gatedSite, testBrowser } from '../helpers/worker-run.ts'

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

async function browser(t: Test) {
  const folder = newFolder()
  const folders = {
    profile: join(folder, 'profile'),
    crashDumps: join(folder, 'dumps'),
    ports: join(folder, 'ports'),
  }
  const opened = openBrowser(
    { launch: testBrowser(), folders, output: join(folder, 'chrome.log') },
    systemClock,
  )
  t.teardown(() => opened.close())
  return opened.opened
}

t.test('what a browser remembers of a site is brought into another one', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const [one, two] = await Promise.all([browser(t), browser(t)])
  await one.page.goto(site.url)
  await one.page.evaluate(FILL)
  const seen = await one.page.evaluate(LOOK)
  await one.page.goto('about:blank')

  const state = await readBrowserState(one.context, [site.url])
  t.equal((await one.context.pages()).length, 1, 'no page is left of it')
  await restoreBrowserState(two.context, state)
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
