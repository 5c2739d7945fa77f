import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, extname, join, normalize } from 'node:path'
import type { Test } from 'tap'
import { launch } from 'puppeteer'
import type { Page } from 'puppeteer'
import { z } from 'zod'
import { until } from '../until.ts'
import { testBrowser } from '../processes/worker-run.ts'

const CORE = dirname(createRequire(import.meta.url).resolve('playwright-core/package.json'))

/** Viewer that `npx playwright show-trace` serves. */
const VIEWER = join(CORE, 'lib', 'vite', 'traceViewer')

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.zip': 'application/zip',
}

/** Playwright's own viewer on a packed trace, in headless Chrome, used as a person would use it. */
export class TraceViewer {
  private readonly page: Page

  private constructor(page: Page) {
    this.page = page
  }

  static async open(t: Pick<Test, 'teardown'>, zipFile: string): Promise<TraceViewer> {
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://viewer')
      const file = pathname === '/the-trace.zip' ? zipFile : join(VIEWER, normalize(pathname))
      if (!existsSync(file)) response.writeHead(404).end()
      else {
        response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream')
        response.end(readFileSync(file))
      }
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the viewer has no port')
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    const browser = await launch({ executablePath: testBrowser().executable, args, pipe: true })
    t.teardown(async () => {
      await browser.close()
      server.closeAllConnections()
      server.close()
    })
    const page = await browser.newPage()
    await page.setViewport({ width: 1400, height: 900 })
    const site = `http://127.0.0.1:${address.port}`
    await page.goto(`${site}/index.html?trace=${encodeURIComponent(`${site}/the-trace.zip`)}`)
    return new TraceViewer(page)
  }

  /** Waits until all these texts are shown. */
  async shows(...texts: readonly (string | RegExp)[]): Promise<void> {
    for (const text of texts) {
      await until(`${String(text)} in the viewer`, async () => {
        const shown = String(await this.page.evaluate('document.body.innerText'))
        return typeof text === 'string' ? shown.includes(text) : text.test(shown)
      })
    }
  }

  /** Opens the entries below an action and waits until they are shown. */
  async expand(action: string, ...below: readonly (string | RegExp)[]): Promise<void> {
    const opened = `[...document.querySelectorAll('.tree-view-entry')]
      .find(entry => entry.querySelector('.action-title-method')?.textContent === ${JSON.stringify(action)})
      ?.querySelector('.codicon-chevron-right')?.click()`
    await until(`what lies below ${action}`, async () => {
      await this.page.evaluate(opened)
      const shown = String(await this.page.evaluate('document.body.innerText'))
      return below.every(text => (typeof text === 'string' ? shown.includes(text) : text.test(shown)))
    })
  }

  /**
   * Clicks a tab until its texts are shown, because the viewer may redraw its tabs during a click.
   */
  async openTab(tab: string, ...texts: readonly string[]): Promise<void> {
    const opened = `[...document.querySelectorAll('[role=tab]')].find(one => one.textContent.startsWith('${tab}'))?.click()`
    await until(`${texts.join(', ')} in the tab ${tab} of the viewer`, async () => {
      await this.page.evaluate(opened)
      const shown = String(await this.page.evaluate('document.body.innerText'))
      return texts.every(text => shown.includes(text))
    })
  }

  /** Waits until the film strip has loaded pictures. */
  async filmed(): Promise<void> {
    await this.page.waitForSelector('.film-strip-frame')
  }

  /**
   * Waits until the snapshot of the selected action shows a text, with its heading in a colour of
   * the page's style sheet.
   */
  async pictures(text: string, colour: string): Promise<void> {
    await until(`a snapshot with ${text}`, async () => {
      for (const frame of this.page.frames()) {
        try {
          const [body, style] = z
            .tuple([z.string(), z.string()])
            .parse(
              await frame.evaluate(
                `[document.body.innerText, getComputedStyle(document.querySelector('.front')).color]`,
              ),
            )
          if (body.includes(text) && style === colour) return true
        } catch {
          // Another frame, or a frame that still loads.
        }
      }
      return false
    })
  }
}
