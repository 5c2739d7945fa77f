import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import t from 'tap'
import type { Test } from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'
import type { Clock } from '../../../lib/core/time/clock.ts'
import { seal } from '../../../lib/core/seal.ts'
import { PagePreview } from '../../../lib/model/worker/page-preview.ts'
import type { InputOrder } from '../../../lib/model/worker/worker-command.ts'
import { readJsonIfExistsSync } from '../../../lib/files/documents/atomic-json.ts'
import { userKey } from '../../../lib/files/user-key.ts'
import { ActivePage } from '../../../lib/execution/takeover/active-page.ts'
import { InputQueue } from '../../../lib/execution/takeover/input-queue.ts'
import { LivePreview } from '../../../lib/execution/takeover/live-preview.ts'
import { isPasswordFocused } from '../../../lib/execution/takeover/dispatch-input.ts'
import { createWorkerLog } from '../../../lib/execution/worker/worker-log.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { guardedBrowser } from '../../helpers/sites/guarded-browser.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const WORKER = 'w1'
const PLACE = { x: 60, y: 40 }
const FIELD = '<input autofocus style="position: absolute; left: 0; top: 0; width: 120px; height: 80px">'

const site = await gatedSite(FIELD)
t.teardown(site.close)
const form = new URL('/form', site.url).href.replace('localhost', '127.0.0.1')
const evil = new URL('/steal', form)
evil.hostname = 'localhost'

/** Opens a page under takeover. `clock` limits the time of each input. */
async function takenOver(t: Test, args: readonly string[] = [], clock: Clock = systemClock) {
  const { page, context } = await guardedBrowser(t, null, {}, args)
  await page.goto(form)
  const member = { workerId: WORKER, jobId: 1, attempt: 1, member: 1, members: 1, workflow: 'w' }
  const log = createWorkerLog(member, systemClock, () => undefined)
  const front = new ActivePage(context)
  front.calledTo(page)
  const folder = join(newFolder(), 'pictures')
  mkdirSync(folder)
  const shared = { front, workerId: WORKER, log, clock: systemClock }
  const picture = new LivePreview({ ...shared, folder })
  t.teardown(() => picture.close())
  let why: string | undefined
  let verdicts = 0
  const onVerdict = (_order: InputOrder, reason?: string) => {
    why = reason
    verdicts += 1
  }
  const queue = new InputQueue({ ...shared, clock, onVerdict })
  /**
   * Returns the reason why the page did not accept the input. Undefined if the page accepted it.
   */
  const act = async (order: InputOrder): Promise<string | undefined> => {
    queue.add(order)
    await queue.settled()
    return why
  }
  return {
    page,
    call: () => front.calledTo(page),
    front,
    picture,
    drop: () => queue.drop(),
    /** Returns the number of inputs that were accepted or refused. */
    verdicts: () => verdicts,
    type: (text: string, seen = {}) =>
      act({ type: 'text', sealed: seal(text, userKey(), WORKER), waitingId: 1, ...seen }),
    press: () => act({ type: 'key', key: 'Backspace', waitingId: 1 }),
    click: (seen = {}) => act({ type: 'click', ...PLACE, unit: 'pixel', waitingId: 1, ...seen }),
    /** Takes a picture as a command line does, and returns the address of the page. */
    look: async () => {
      await picture.keep('p1')
      return readFileSync(join(folder, `${WORKER}_p1.address`), 'utf8')
    },
    /** Returns the live picture of the console once it shows this address. */
    shows: (address: string) => {
      picture.show({ untilAt: systemClock.now() + 60_000, columns: 4, rows: 4 })
      return until(`a picture of ${address}`, () => {
        const shown = readJsonIfExistsSync(join(folder, `${WORKER}.json`), PagePreview)?.page
        return shown?.address === address ? shown : undefined
      })
    },
    opens: async () => {
      const [popup] = await Promise.all([
        new Promise<typeof page>(resolve => {
          page.once('popup', opened => {
            if (opened !== null) resolve(opened)
          })
        }),
        page.evaluate(`void open('${evil.href}?token=abc')`),
      ])
      await popup.waitForSelector('input')
      await popup.focus('input')
      return popup
    },
  }
}

const VALUE = `document.querySelector('input').value`

t.test('typed text does not go to a pop-up before a picture has shown it', async t => {
  const { page, type, press, click, look, opens } = await takenOver(t)
  t.equal(await look(), form)
  t.equal(await click(), undefined)
  t.equal(await type('canary'), undefined)
  const popup = await opens()
  for (const refused of [await type('-password'), await press(), await click(), await type('-password')]) {
    t.match(refused, `not the page that you have seen: ${evil.href}. Take a picture of it`)
    t.notMatch(refused, /token|password/)
  }
  t.strictSame([await page.evaluate(VALUE), await popup.evaluate(VALUE)], ['canary', ''])
  t.equal(await look(), evil.href)
  t.equal(await type('public'), undefined)
  t.equal(await popup.evaluate(VALUE), 'public')
  await popup.close()
  t.match(await type('x'), `you have seen: ${form}`)
})

t.test('typed text does not go to the next site of the page, also in the middle of a text', async t => {
  const { page, type, look, click } = await takenOver(t)
  await page.evaluate(`document.querySelector('input').addEventListener('input', ({ target }) => {
    if (target.value === 'abc') location.href = '${evil.href}'
  })`)
  await click()
  t.match(await type('abc'.padEnd(400, 'x')), `you have seen: ${evil.href}`)
  await page.waitForSelector('input')
  t.equal(await page.evaluate(VALUE), '')
  t.match(await type('x'), `you have seen: ${evil.href}`)
  await look()
  t.equal(await type('x'), undefined)
  await page.goto(new URL('/other', evil).href)
  t.equal(await type('x'), undefined, 'the same site is the same page')
})

/** Browser settings. They decide whether a frame of another site runs in its own process. */
const PROCESSES = [
  ['in one process', ['--disable-features=IsolateOrigins,site-per-process']],
  ['in a process for each site', ['--site-per-process']],
] as const

const BLANK = 'about:blank'
const OPENS_BLANK = `void open('${BLANK}', 'login')`

/** Returns the page at an empty address once it belongs to a site. The page gets a field. */
async function blankPopup(page: Page, { origin }: URL): Promise<Page> {
  const popup = await until(`an empty page of ${origin}`, async () => {
    for (const one of await page.browserContext().pages()) {
      const isOwn = one.url() === BLANK && (await one.evaluate('origin').catch(() => '')) === origin
      if (isOwn) return one
    }
    return undefined
  })
  await popup.evaluate(`document.body.innerHTML = '<input>'; document.querySelector('input').focus()`)
  return popup
}

for (const [how, args] of PROCESSES) {
  t.test(
    `typed text does not go to an empty page with which another site replaced the seen page, ${how}`,
    async t => {
      const { page, type, look } = await withFrame(t, args)
      const shop = new URL(page.url())
      await page.evaluate(OPENS_BLANK)
      const popup = await blankPopup(page, shop)
      await popup.evaluate(`{
      const frame = document.createElement('iframe')
      frame.src = '${evil.href}?token=abc'
      document.body.append(frame)
    }`)
      const inner = await popup.waitForFrame(one => one.url().startsWith(evil.href))
      t.equal(await look(), `${shop.origin}/ (${BLANK})`)
      t.equal(await type('canary'), undefined)
      t.equal(await popup.evaluate(VALUE), 'canary')
      t.comment('the new document has the origin of the frame, and the same address')
      await inner.evaluate(`void setTimeout(() => (top.location = '${BLANK}'))`)
      t.equal(await blankPopup(page, evil), popup)
      t.match(await type('-password'), `has seen: ${BLANK}`)
      t.equal(await popup.evaluate(VALUE), '')
      t.equal(await look(), `${evil.origin}/ (${BLANK})`)
      t.equal(await type('public'), undefined)
      t.equal(await popup.evaluate(VALUE), 'public')
    },
  )
}

t.test('the console shows the site of an empty page, if it has one', async t => {
  const { page, frame, look, type, shows } = await withFrame(t)
  await frame.evaluate(OPENS_BLANK)
  const popup = await blankPopup(page, evil)
  const { id } = await shows(`${evil.origin}/ (${BLANK})`)
  t.equal(await type('public', { page: id }), undefined)
  t.equal(await popup.evaluate(VALUE), 'public')
  const own = await page.browserContext().newPage()
  t.equal(await look(), BLANK)
  await own.close()
})

t.test('a call of the workflow on another site allows input to it', async t => {
  const { page, type, call } = await takenOver(t)
  t.equal(await type('a'), undefined)
  await page.goto(evil.href)
  t.match(await type('b'), `you have seen: ${evil.href}`)
  call()
  await page.waitForSelector('input')
  t.equal(await type('c'), undefined)
  t.equal(await page.evaluate(VALUE), 'c')
})

t.test('the console acts on the page that it shows, and a click there allows input', async t => {
  const { page, type, click, shows, opens } = await takenOver(t)
  const { id: own } = await shows(form)
  t.equal(await type('canary', { page: own }), undefined)
  const popup = await opens()
  const { id: other } = await shows(evil.href)
  t.match(await type('-password', { page: own }), `you have seen: ${evil.href}`)
  t.match(await click({ page: own }), `you have seen: ${evil.href}`)
  t.match(await type('-password'), `you have seen: ${evil.href}`, 'a command line has not seen it')
  t.equal(await click({ page: other }), undefined)
  t.equal(await type('public'), undefined)
  t.strictSame([await page.evaluate(VALUE), await popup.evaluate(VALUE)], ['canary', 'public'])
})

/**
 * The field of the page, and below it a frame of another site. The script of the frame can take the
 * focus.
 */
const framed = await gatedSite(`<body style="margin: 0">${FIELD}
  <iframe style="position: absolute; left: 0; top: 100px; width: 200px; height: 100px"></iframe>`)
t.teardown(framed.close)
const IN_FRAME = { x: 60, y: 150 }
const TAKES_FOCUS = `document.querySelector('input').focus()`

async function withFrame(t: Test, args: readonly string[] = [], clock: Clock = systemClock) {
  const person = await takenOver(t, args, clock)
  const { page } = person
  await page.goto(`${framed.url}/form`)
  await page.evaluate(`document.querySelector('iframe').src = '${evil.href}?token=abc'`)
  const frame = await page.waitForFrame(one => one.url().startsWith(evil.href))
  await frame.waitForSelector('input')
  await person.look()
  return { ...person, frame }
}

t.test('typed text does not go to a frame of another site that took the focus', async t => {
  const { page, frame, type, press, click } = await withFrame(t)
  t.equal(await click(), undefined)
  t.equal(await type('shop'), undefined)
  await frame.evaluate(TAKES_FOCUS)
  for (const refused of [await type('-password'), await press()]) {
    t.match(
      refused,
      `a frame of another site has the focus, but you did not click on it: ${evil.href}. Click`,
    )
    t.notMatch(refused, /token|password/)
  }
  t.comment('also right after the person clicks elsewhere, and in the middle of a text')
  await frame.evaluate(`globalThis.taking = setInterval(() => ${TAKES_FOCUS}, 1)`)
  await click()
  await page.waitForFunction(`document.activeElement === document.querySelector('iframe')`)
  t.match(await type('-password'), 'a frame of another site')
  await frame.evaluate('clearInterval(taking)')
  await page.evaluate(`document.querySelector('input').addEventListener('input', ({ target }) => {
    if (target.value.endsWith('-to')) frames[0].postMessage('take', '*')
  })`)
  await frame.evaluate(`addEventListener('message', () => ${TAKES_FOCUS})`)
  await click()
  t.match(await type('-to'.padEnd(400, 'x')), 'a frame of another site')
  t.match(await page.evaluate(VALUE), /^shop-tox*$/)
  t.comment('at most one character is on its way when the focus moves')
  t.match(await frame.evaluate(VALUE), /^x?$/)
  t.equal(await click(), undefined)
  t.equal(await type('.'), undefined, 'the field has the focus again')
})

t.test('typed text goes to the frame that the person clicked on', async t => {
  const { page, frame, type, press, click } = await withFrame(t)
  t.equal(await click(IN_FRAME), undefined)
  t.equal(await type('card 7'), undefined)
  t.equal(await press(), undefined)
  t.equal(await frame.evaluate(VALUE), 'card ')
  await page.evaluate(TAKES_FOCUS)
  t.equal(await type('own'), undefined, 'the person sees the page itself')
  t.equal(await page.evaluate(VALUE), 'own')
  t.equal(await click(), undefined)
  await frame.evaluate(TAKES_FOCUS)
  t.match(await type('x'), 'a frame of another site', 'the last click counts')
})

t.test('typed text does not go to a foreign frame that names an own frame as its focused one', async t => {
  const { page, frame, type, click } = await withFrame(t)
  await frame.evaluate(`new Promise(loaded => {
    const own = document.createElement('iframe')
    own.src = '${framed.url}/inner'
    own.onload = loaded
    document.body.append(own)
    Object.defineProperty(document, 'activeElement', { get: () => own })
  })`)
  await click()
  await frame.evaluate(TAKES_FOCUS)
  t.match(await type('x'), `a frame of another site has the focus, but you did not click on it: ${evil.href}`)
  t.equal(await frame.evaluate(VALUE), '')
  t.equal(await page.evaluate(VALUE), '')
})

t.test('typed text does not go to a sandboxed own frame that the person did not click on', async t => {
  const { page, type, click, look } = await takenOver(t)
  await page.goto(`${framed.url}/form`)
  await look()
  for (const [sandbox, taken] of [
    ['', true],
    [' sandbox="allow-scripts"', false],
  ] as const) {
    await page.evaluate(`document.querySelector('iframe').outerHTML =
      '<iframe${sandbox} srcdoc="<input autofocus>" style="position: absolute; top: 100px; width: 200px"></iframe>'`)
    const inner = await page.waitForFrame(one => one.url() === 'about:srcdoc')
    await inner.waitForSelector('input')
    await click()
    await inner.evaluate(TAKES_FOCUS)
    const refused = await type('x')
    if (taken) t.equal(refused, undefined)
    else t.match(refused, 'a frame of another site has the focus')
  }
})

/**
 * Widget of another site as pages embed it, in a closed shadow root, which may be inside another
 * one.
 */
const WIDGET = `{
  const host = document.createElement('div')
  document.body.append(host)
  const inner = document.createElement('div')
  host.attachShadow({ mode: 'closed' }).append(inner)
  const field = '<input type="password" style="position: absolute; left: 0; top: 300px; width: 120px; height: 80px">'
  const shown = '<iframe src="${evil.href}?widget" style="position: absolute; left: 0; top: 400px; border: 0">'
  const root = inner.attachShadow({ mode: 'closed' })
  root.innerHTML = field + shown + '</iframe>'
  globalThis.password = root.querySelector('input')
}`

for (const [how, args] of PROCESSES) {
  t.test(`typed text does not go to an empty frame of another site, ${how}`, async t => {
    const { page, frame, type, click } = await withFrame(t, args)
    t.comment('a second frame of the other site navigates to about:blank, and keeps its origin')
    await page.evaluate(`{
      const second = document.createElement('iframe')
      second.src = '${evil.href}?second'
      document.body.append(second)
    }`)
    const second = await page.waitForFrame(one => one.url().endsWith('?second'))
    await second.waitForSelector('input')
    await frame.evaluate(`parent.frames[1].location = 'about:blank'`)
    const empty = await page.waitForFrame(one => one.url() === 'about:blank')
    await frame.evaluate(`parent.frames[1].document.body.innerHTML = '<input>'`)
    await empty.waitForSelector('input')
    await click()
    await frame.evaluate(`{
      parent.frames[1].focus()
      parent.frames[1].document.querySelector('input').focus()
    }`)
    t.match(await type('x'), 'a frame of another site has the focus')
    t.strictSame([await page.evaluate(VALUE), await empty.evaluate(VALUE)], ['', ''])
  })

  t.test(`typed text goes to a frame in a closed shadow root only after a click on it, ${how}`, async t => {
    const { page, type, click } = await withFrame(t, args)
    await page.evaluate(WIDGET)
    const widget = await page.waitForFrame(one => one.url().endsWith('?widget'))
    await widget.waitForSelector('input')
    await click()
    await widget.evaluate(TAKES_FOCUS)
    t.match(await type('x'), 'a frame of another site has the focus')
    t.equal(await widget.evaluate(VALUE), '')
    t.equal(await click({ x: 60, y: 440 }), undefined)
    t.equal(await type('code'), undefined)
    t.equal(await widget.evaluate(VALUE), 'code')
  })

  t.test(`recognises a password field in a closed shadow root, ${how}`, async t => {
    const { page, click } = await withFrame(t, args)
    await page.evaluate(WIDGET)
    t.equal(await isPasswordFocused(page), false)
    await click({ x: 60, y: 340 })
    t.equal(await page.evaluate('password.matches(":focus")'), true)
    t.equal(await isPasswordFocused(page), true)
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<form name="activeElement">')`)
    t.equal(await isPasswordFocused(page), true)
  })
}

t.test('a hanging frame of another site blocks nothing', async t => {
  const { page, frame, type, click } = await withFrame(t, ['--site-per-process'])
  await frame.evaluate('void setTimeout(() => { for (;;); })')
  t.equal(await click(), undefined)
  t.equal(await type('x'), undefined)
  t.equal(await page.evaluate(VALUE), 'x')
})

const INPUT_LIMIT_MS = 5_000

/** Returns a script that sends a request and blocks its page until the test opens the gate. */
const blocksAt = (path: string) => `{
  const request = new XMLHttpRequest()
  request.open('GET', '${path}', false)
  request.send()
}`

t.test('an abandoned click is not performed once the frame under it responds again', async t => {
  const clock = new FakeClock()
  const { page, frame, type, click } = await withFrame(t, ['--site-per-process'], clock)
  await frame.evaluate(`void setTimeout(() => ${blocksAt('/gate-frame')})`)
  const clicking = click(IN_FRAME)
  await until('the limit', () => clock.waiting > 0)
  clock.advance(INPUT_LIMIT_MS)
  t.match(await clicking, 'The page has not responded for 5 s')
  t.equal(await click(), undefined)
  await site.open('/gate-frame')
  await frame.evaluate('new Promise(requestAnimationFrame)')
  t.equal(await type('password'), undefined)
  t.strictSame([await page.evaluate(VALUE), await frame.evaluate(VALUE)], ['password', ''])
})

/**
 * Returns a script that blocks the page after each character from the `from`th on. The name of each
 * gate is the length of the text.
 */
const blocksFrom = (
  from: number,
) => `document.querySelector('input').addEventListener('input', ({ target }) => {
  if (target.value.length >= ${from}) ${blocksAt("/gate-' + target.value.length + '")}
})`

t.test('an abandoned text is not continued once the page responds again', async t => {
  const clock = new FakeClock()
  const { page, type, click } = await takenOver(t, [], clock)
  await click()
  await page.evaluate(blocksFrom(4))
  const typing = type('hunter2')
  await until('the fourth character', () => site.waits('/gate-4'))
  clock.advance(INPUT_LIMIT_MS)
  t.match(await typing, /not responded for 5 s .* The rest of the text is not typed/)
  await site.open('/gate-4')
  t.equal(await page.evaluate(VALUE), 'hunt')
  const more = type('.')
  await site.open('/gate-5')
  t.equal(await more, undefined)
  t.equal(await page.evaluate(VALUE), 'hunt.')
})

t.test('a page may take up to its limit for each character of a text', async t => {
  const clock = new FakeClock()
  const { page, type, click } = await takenOver(t, [], clock)
  await click()
  await page.evaluate(blocksFrom(1))
  const typing = type('slow')
  for (const length of [1, 2, 3, 4]) {
    await until('a character', () => site.waits(`/gate-${length}`))
    clock.advance(INPUT_LIMIT_MS - 1)
    await site.open(`/gate-${length}`)
  }
  t.equal(await typing, undefined)
  t.equal(await page.evaluate(VALUE), 'slow')
})

t.test('types nothing more after the end of the wait', async t => {
  const { page, type, click, drop, verdicts } = await takenOver(t)
  await click()
  await page.evaluate(blocksFrom(4))
  const typing = type('hunter2')
  const pressing = click()
  await until('the fourth character', () => site.waits('/gate-4'))
  drop()
  await Promise.all([typing, pressing])
  await site.open('/gate-4')
  t.equal(await page.evaluate(VALUE), 'hunt')
  t.equal(verdicts(), 1, 'the verdict of the first click')
})
