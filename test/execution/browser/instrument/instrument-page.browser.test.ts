import { Locator } from 'puppeteer'
import type { Page } from 'puppeteer'
import t from 'tap'
import type { Test } from 'tap'
import { instrumentPage } from '../../../../lib/execution/browser/instrument/instrument-page.ts'
import { runInternal } from '../../../../lib/execution/browser/cdp/internal-call.ts'
import { guardedBrowser } from '../../../helpers/sites/guarded-browser.ts'

const DOCUMENT = `<h1>Shop</h1><input><select><option>red</option></select><button>Buy</button>
<iframe srcdoc="<p>inner</p>"></iframe>`

// The same limit as in a worker.
Error.stackTraceLimit = 50

/** Limit for work that takes a moment, or a hundred times as long on a loaded machine. */
const HELD_MS = 5_000

type Act = (page: Page) => Promise<unknown>

/** Calls of a page by an author, with their descriptions. */
const CALLS: readonly (readonly [Act, ...string[]])[] = [
  [page => page.click('h1'), 'page.click("h1")'],
  [page => page.type('input', 'secret'), 'page.type("input")'],
  [page => page.select('select', 'red'), 'page.select("select")'],
  [page => page.title(), 'page.title()'],
  [page => page.evaluate('1 + 1'), 'page.evaluate(…)'],
  [page => page.locator('h1').click(), 'page.locator("h1").click()'],
  [page => page.locator('input').fill('secret'), 'page.locator("input").fill(…)'],
  [page => page.locator(() => true).wait(), 'page.locator(…).wait()'],
  [page => page.locator('h1').setTimeout(HELD_MS).clone().hover(), 'page.locator("h1").hover()'],
  [
    page =>
      page
        .locator('h1')
        .filter(() => true)
        .map(() => 1)
        .wait(),
    'page.locator("h1").wait()',
  ],
  [page => Locator.race([page.locator('h1'), page.locator('#never')]).click(), 'Locator.race(…).click()'],
  [page => page.keyboard.press('Enter'), 'page.keyboard.press("Enter")'],
  [page => page.keyboard.press('KeyS'), 'page.keyboard.press(…)'],
  [page => page.keyboard.press('s'), 'page.keyboard.press(…)'],
  [page => page.keyboard.type('Secret'), 'page.keyboard.type(…)'],
  [page => page.keyboard.sendCharacter('Secret'), 'page.keyboard.sendCharacter(…)'],
  [page => page.mouse.click(1, 1), 'page.mouse.click(…)'],
  [page => page.touchscreen.tap(1, 1), 'page.touchscreen.tap(…)'],
  [page => page.mainFrame().click('h1'), 'frame.click("h1")'],
  [page => page.mainFrame().locator('h1').hover(), 'frame.locator("h1").hover()'],
  [
    async page => (await page.waitForFrame(frame => frame.parentFrame() !== null)).$eval('p', () => 1),
    'page.waitForFrame(…)',
    'frame.$eval("p")',
  ],
  [async page => page.frames()[1]?.title(), 'frame.title()'],
  [async page => (await page.$('h1'))?.click(), 'page.$("h1")', 'element.click()'],
  [async page => (await page.$$('input'))[0]?.type('Secret'), 'page.$$("input")', 'element.type(…)'],
  [async page => (await page.waitForSelector('h1'))?.$('b'), 'page.waitForSelector("h1")', 'element.$("b")'],
]

async function openPage(t: Test): Promise<Page> {
  const { page } = await guardedBrowser(t, null)
  await page.setContent(DOCUMENT)
  return page
}

t.test('reports each call of an author once, without the typed text', async t => {
  const page = await openPage(t)
  let told: string[] = []
  let open = 0
  const unfollow = instrumentPage(page, {
    begin: text => {
      told.push(text)
      open += 1
      return () => (open -= 1)
    },
    hold: () => undefined,
  })
  const plain = page.mainFrame()
  for (const [act, ...texts] of CALLS) {
    told = []
    await act(page)
    t.strictSame({ told, open }, { told: texts, open: 0 }, texts.join(' '))
  }
  told = []
  await runInternal(() => page.click('h1'))
  t.strictSame(told, [], 'calls of the worker itself are not reported')
  await page.setContent(DOCUMENT)
  told = []
  await page.frames()[1]?.title()
  t.strictSame(told, ['frame.title()'], 'a frame added later')
  t.equal(page.mainFrame(), plain)
  t.equal(page.frames()[0], plain)
  unfollow()
})

t.test('a held call does not begin, and its own timeout does not run', async t => {
  const page = await openPage(t)
  await page.evaluate(
    `events = 0; for (const type of ['keydown', 'mousedown']) addEventListener(type, () => events++)`,
  )
  const gate = Promise.withResolvers<undefined>()
  let held = 0
  const unfollow = instrumentPage(page, {
    begin: () => () => undefined,
    hold: () => {
      held += 1
      return gate.promise
    },
  })
  const acts = [
    page.locator('h1').setTimeout(HELD_MS).click(),
    Locator.race([page.locator('h1')])
      .setTimeout(HELD_MS)
      .click(),
    page.keyboard.press('Enter'),
    page.mouse.click(1, 1),
    page.mainFrame().waitForSelector('h1', { timeout: HELD_MS }),
  ]
  const ends = Promise.all(acts)
  // Ends after the same limit, so the limit of the other calls has passed, too.
  await t.rejects(
    runInternal(() => page.locator('#never').setTimeout(HELD_MS).wait()),
    { name: 'TimeoutError' },
  )
  t.equal(held, acts.length)
  t.equal(await runInternal(() => page.evaluate('events')), 0)
  gate.resolve(undefined)
  await ends
  t.equal(held, acts.length, 'inner calls are not held')
  t.equal(await runInternal(() => page.evaluate('events')), 4)
  unfollow()
})

t.test('an error keeps the line of the author, also after a hold', async t => {
  const page = await openPage(t)
  for (const hold of [undefined, Promise.resolve()]) {
    const unfollow = instrumentPage(page, { begin: () => () => undefined, hold: () => hold })
    const line = async (act: () => Promise<unknown>) => {
      try {
        await act()
      } catch (error) {
        return error instanceof Error ? /instrument-page\.browser\.test\.ts/.test(error.stack ?? '') : error
      }
      return 'no error'
    }
    const fails: Readonly<Record<string, () => Promise<unknown>>> = {
      page: async () => await page.click('#never'),
      frame: async () => await page.mainFrame().click('#never'),
      mouse: async () => await page.mouse.up(),
      element: async () => await (await page.$('h1'))?.$('<'),
    }
    for (const [name, act] of Object.entries(fails)) t.equal(await line(act), true, name)
    unfollow()
  }
})

t.test('removing the instrumentation leaves nothing on the page', async t => {
  const page = await openPage(t)
  const objects = () => [page, page.keyboard, page.mouse, page.touchscreen, ...page.frames()]
  const methods = () =>
    objects().map(
      one => Reflect.ownKeys(one).filter(key => typeof Reflect.get(one, key) === 'function').length,
    )
  const before = methods()
  const race = (): unknown => Reflect.get(Locator, 'race')
  const raceBefore = race()
  const listeners = () => page.listenerCount('frameattached') + page.listenerCount('framenavigated')
  const heard = listeners()
  const told: string[] = []
  for (const job of ['first', 'second']) {
    const unfollow = instrumentPage(page, {
      begin: text => {
        told.push(`${job}: ${text}`)
        return () => undefined
      },
      hold: () => undefined,
    })
    t.ok(methods().every((count, index) => count > (before[index] ?? NaN)))
    await page.keyboard.press('Enter')
    await page.mainFrame().title()
    unfollow()
    t.strictSame(
      { methods: methods(), race: race(), heard: listeners() },
      { methods: before, race: raceBefore, heard },
    )
  }
  await page.keyboard.press('Enter')
  t.strictSame(
    told,
    ['first', 'second'].flatMap(job => [`${job}: page.keyboard.press("Enter")`, `${job}: frame.title()`]),
  )
})
