import { Browser, install } from '@puppeteer/browsers'
import { z } from 'zod'
import { messageOf } from '../../../core/errors/errors.ts'

/**
 * Minimum progress between two printed lines: enough to show that the download runs, without a
 * flood of lines.
 */
const STEP_PERCENT = 5

const folder = z.string().parse(process.argv[2])
const baseUrl = process.env.PUPPETEER_CHROME_HEADLESS_SHELL_DOWNLOAD_BASE_URL
// puppeteer exports the builds that it was tested with, but not in its types.
const { PUPPETEER_REVISIONS } = z
  .object({ PUPPETEER_REVISIONS: z.object({ 'chrome-headless-shell': z.string() }) })
  .parse(await import('puppeteer'))
let printed = -STEP_PERCENT
await install({
  browser: Browser.CHROMEHEADLESSSHELL,
  buildId: PUPPETEER_REVISIONS['chrome-headless-shell'],
  cacheDir: folder,
  ...(baseUrl === undefined ? {} : { baseUrl }),
  downloadProgressCallback: (downloaded, total) => {
    const percent = Math.floor((downloaded / total) * 100)
    if (percent >= printed + STEP_PERCENT) console.log(`${(printed = percent)} %`)
  },
}).catch((error: unknown) => {
  console.error(messageOf(error))
  process.exitCode = 1
})
