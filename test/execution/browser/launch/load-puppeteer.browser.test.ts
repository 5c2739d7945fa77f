import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { TimeoutError } from 'puppeteer'
import t from 'tap'
import { systemClock } from '../../../../lib/core/time/clock.ts'
import { openBrowser } from '../../../../lib/execution/browser/launch/open-browser.ts'
import { testBrowser } from '../../../helpers/processes/worker-run.ts'

t.test('the loaded part of puppeteer supports everything that an author may ask of a page', async t => {
  const folder = t.testdir()
  const folders = { profile: join(folder, 'profile'), crashDumps: join(folder, 'dumps'), ports: folder }
  const browser = openBrowser(
    { launch: testBrowser(), folders, output: join(folder, 'chrome.log') },
    systemClock,
  )
  t.teardown(() => browser.close())
  const { page } = await browser.opened

  const picture = join(folder, 'picture.png')
  await page.screenshot({ path: picture })
  t.ok(existsSync(picture), 'it writes files')

  const waiting = page.waitForSelector('#never', { timeout: 10 })
  const thrown: unknown = await waiting.catch((error: unknown) => error)
  t.ok(thrown instanceof TimeoutError, "its errors have the class of the author's puppeteer")
})
