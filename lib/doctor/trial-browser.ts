import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import type { Config } from '../config/config.ts'
import type { Clock } from '../core/time/clock.ts'
import type { LaunchProfile } from '../model/worker/documents.ts'
import { DEFAULT_JOB_LIMITS } from '../model/job/job-limits.ts'
import type { FoundBrowser } from '../execution/browser/find/find-browser.ts'
import { openBrowser } from '../execution/browser/launch/open-browser.ts'
import { checkSandbox } from '../execution/browser/launch/sandbox.ts'
import type { WorkerBrowser } from '../execution/browser/launch/open-browser.ts'

/** Browser for the checks that need a page, started as a worker starts it. */
export class TrialBrowser {
  private readonly clock: Clock
  private readonly settings: Pick<Config, 'browserArgs' | 'sandbox'>
  private browser: WorkerBrowser | undefined
  private folder: string | undefined
  private opened: Page | undefined

  constructor(clock: Clock, settings: Pick<Config, 'browserArgs' | 'sandbox'>) {
    this.clock = clock
    this.settings = settings
  }

  /** Page of the browser; undefined until `open` has succeeded. */
  get page(): Page | undefined {
    return this.opened
  }

  /**
   * Starts the browser, with its own folder under the system's temporary folder.
   * @throws `browser-launch` if the start fails.
   * @throws `environment-unfit` if the sandbox is required and missing.
   */
  async open({ path, kind }: FoundBrowser): Promise<{ page: Page; version: string }> {
    checkSandbox(this.settings)
    const folder = mkdtempSync(join(tmpdir(), 'automate-tui-doctor-'))
    this.folder = folder
    const extraArgs = [...this.settings.browserArgs]
    const launch: LaunchProfile = {
      executable: path,
      kind,
      headless: true,
      extraArgs,
      cdp: 'pipe',
      proxyServer: null,
      limits: DEFAULT_JOB_LIMITS,
    }
    const folders = { profile: join(folder, 'profile'), crashDumps: join(folder, 'dumps'), ports: folder }
    this.browser = openBrowser({ launch, folders, output: join(folder, 'browser.log') }, this.clock)
    const { page, version } = await this.browser.opened
    this.opened = page
    return { page, version }
  }

  async close(): Promise<void> {
    await this.browser?.close()
    this.removeFolder()
  }

  /** Ends the browser at once, because the program exits. */
  abandon(): void {
    this.browser?.kill()
    this.removeFolder()
  }

  private removeFolder(): void {
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
