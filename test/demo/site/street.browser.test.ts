import { launch } from 'puppeteer'
import t from 'tap'
import { z } from 'zod'
import { requireBrowser } from '../../../lib/execution/browser/find/find-browser.ts'
import { startDemoSite } from '../../../lib/demo/site/demo-site.ts'

t.test('a real browser logs in, places a whole order, and accepts the terms in the pop-up', async t => {
  const site = await startDemoSite({
    data: { 'palazzo/barolo-2019': 1_500, 'corner-bottle/soave-2022': 900 },
  })
  t.teardown(() => site.close())
  const browser = await launch({
    executablePath: requireBrowser().path,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  // Generous, because the test checks the behaviour and not the speed of a busy machine.
  page.setDefaultTimeout(60_000)
  const at = (path: string) => new URL(path, site.url).href
  const submit = async (selector: string) => {
    await Promise.all([page.waitForNavigation(), page.click(selector)])
  }

  await page.goto(at('/order/new?shop=corner-bottle'))
  t.match(page.url(), '/account/login')
  await page.type('[name=username]', 'operator')
  await page.type('[name=password]', 'wrong')
  await submit('main button')
  t.match(await page.content(), 'The user name or the password is wrong.')
  await page.type('[name=username]', 'operator')
  await page.type('[name=password]', 'red-or-white')
  await submit('main button')

  await page.goto(at('/order/new?shop=corner-bottle'))
  for (const [field, value] of [
    ['name', 'Ada Bianchi'],
    ['street', 'Via Roma 1'],
    ['postcode', '10121'],
    ['city', 'Torino'],
  ] as const) {
    await page.type(`[name=${field}]`, value)
  }
  await submit('form button')
  await page.click('[value=standard]')
  await submit('form button')
  await submit('tr[data-item=soave-2022] button')
  await submit('form[action="/order/items/done"] button')
  await page.type('[name=reference]', 'by a browser')
  await page.click('[name=adult]')
  await submit('form button')
  const number: unknown = await page.evaluate(`document.querySelector('.order-number').textContent`)

  const answer = z.object({ orders: z.array(z.looseObject({ number: z.string() })) })
  const { orders } = answer.parse(await (await fetch(at('/api/orders'))).json())
  t.match(orders, [{ number, reference: 'by a browser', totalCents: 900 + 590 }])

  await page.goto(at('/shops/palazzo'))
  const opened = new Promise<void>((resolve, reject) => {
    page.once('popup', popup => {
      if (popup === null) return
      popup
        .locator('#accept-terms')
        .click()
        .catch((error: unknown) => {
          // The response to the click closes the pop-up, sometimes before puppeteer receives the
          // result of the click.
          if (!popup.isClosed()) reject(error instanceof Error ? error : new Error(String(error)))
        })
      popup.once('close', () => resolve())
    })
  })
  await Promise.all([opened, page.waitForNavigation(), page.click('#read-terms')])
  t.match(await page.content(), 'class="item card"')
  await page.goto(at('/shops/palazzo/barolo-2019'))
  t.equal(await page.evaluate(`document.querySelector('data.price').value`), '1500')
  t.equal(site.stats().paths['POST /shops/palazzo/terms'], 1)
  t.notOk('/favicon.ico' in site.stats().paths, 'a visit is one request')
})
