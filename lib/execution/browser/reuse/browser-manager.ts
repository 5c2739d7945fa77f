import type { Clock } from '../../../core/time/clock.ts'
import { withTimeout } from '../../../core/time/timeout.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import type { AutomateError } from '../../../core/errors/errors.ts'
import { nthProfileName } from '../../../core/ids.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { WorkerSecrets } from '../../../model/worker/worker-secrets.ts'
import type { LaunchDocument } from '../../../model/worker/documents.ts'
import type { Isolation } from '../../../model/job/workflow.ts'
import { chromeStem } from '../../../files/artefact-stem.ts'
import { chromeFiles, nameDumpsAfter, nameOutputAfter } from '../launch/chrome-files.ts'
import type { ChromeFiles } from '../launch/chrome-files.ts'
import type { ChromeLogs } from '../launch/chrome-logs.ts'
import type { StartingChrome } from '../launch/starting-chrome.ts'
import { IsolatedContext } from './isolated-context.ts'
import { ReusablePage } from './reusable-page.ts'
import type { Lease, BrowserScope, Warning } from './lease.ts'
import { trackNavigation } from '../cdp/last-navigation.ts'
import { openBrowser } from '../launch/open-browser.ts'
import type { OpenBrowser, WorkerBrowser } from '../launch/open-browser.ts'

/**
 * Time limit of the clean-up after a job. A context closes in about 10 ms. A Chrome that exceeds
 * the limit is not reused.
 */
const CLEANING_LIMIT_MS = 2_000

export interface BrowserManagerOptions {
  readonly launch: LaunchDocument
  /** Credentials of the proxy and of sites. */
  readonly access: WorkerSecrets
  readonly paths: ProjectPaths
  readonly clock: Clock
  /** Collects the log of each Chrome, and redacts it after the Chrome's end. */
  readonly chromeLogs: ChromeLogs
  /** The first Chrome, if it was spawned already. */
  readonly early: { readonly chrome: StartingChrome; readonly files: ChromeFiles } | undefined
  /** Called with every Chrome that has started. */
  readonly onOpened: (open: OpenBrowser, profile: string) => void
}

interface Seated {
  readonly browser: WorkerBrowser
  files: ChromeFiles
  /** Stem of the job that uses the whole Chrome; undefined if no job does. */
  job: string | undefined
}

/**
 * Manages a worker's browser: one Chrome at a time, each with a new profile. A job receives the
 * part of the Chrome that its isolation requires.
 */
export class BrowserManager {
  private readonly options: BrowserManagerOptions
  private leased: Seated | undefined
  private prepared: BrowserScope | undefined
  private launches = 0

  constructor(options: BrowserManagerOptions) {
    this.options = options
  }

  /** Starts a Chrome, unless a living one exists. */
  warmUp(): WorkerBrowser {
    return this.living().browser
  }

  /** Leases the Chrome's page, or a page of a context, to the job with this stem. */
  lease(isolation: Isolation, stem: string): Lease {
    const leased = this.living()
    return isolation === 'process' || isolation === 'browser'
      ? this.leaseChrome(leased, stem)
      : this.leaseScope(leased, isolation === 'page' ? ReusablePage : IsolatedContext)
  }

  /**
   * Closes Chrome politely, kills it if it does not end, and deletes its profile. Never rejects;
   * resolves with the reason if the profile could not be deleted.
   */
  async close(): Promise<string | undefined> {
    const { leased } = this
    this.leased = undefined
    this.prepared = undefined
    if (leased === undefined) return undefined
    const left = await leased.browser.close()
    await this.options.chromeLogs.redactEnded()
    if (leased.job !== undefined) nameDumpsAfter(leased.files, leased.job)
    return left
  }

  /** Profile folder of the current Chrome; undefined if there is none. */
  get profile(): string | undefined {
    return this.leased?.browser.profile
  }

  /** Folder of the current Chrome's crash dumps; undefined if there is no Chrome. */
  get crashDumps(): string | undefined {
    return this.leased?.browser.crashDumps
  }

  /** Ends the Chrome at once. The job that uses it fails with this error. */
  fail(error: AutomateError): void {
    this.leased?.browser.fail(error)
  }

  /** Kills Chrome and its process tree at once. Synchronous, for a dying worker. */
  kill(): void {
    this.leased?.browser.kill()
  }

  private living(): Seated {
    if (this.leased === undefined || this.leased.browser.lost.aborted) this.leased = this.launch()
    return this.leased
  }

  private launch(): Seated {
    const { launch, access, paths, clock, early, onOpened } = this.options
    const nth = ++this.launches
    this.prepared = undefined
    const profile = nthProfileName(launch.profile, nth)
    const first = nth === 1 ? early : undefined
    const files = first?.files ?? chromeFiles(paths, chromeStem(launch.workerId, nth), profile, clock.now())
    this.options.chromeLogs.add(files.output)
    const spawn = { launch: launch.launch, access, folders: files, output: files.output }
    const browser = openBrowser(spawn, clock, first?.chrome)
    browser.opened.then(
      open => onOpened(open, browser.profile),
      () => undefined,
    )
    return { browser, files, job: undefined }
  }

  private leaseChrome(leased: Seated, stem: string): Lease {
    const { output } = leased.files
    leased.files = nameOutputAfter(leased.files, stem)
    this.options.chromeLogs.move(output, leased.files.output)
    leased.job = stem
    return {
      browser: leased.browser,
      files: leased.files,
      release: async () => {
        await this.close()
        this.warmUp()
        return undefined
      },
    }
  }

  /**
   * Leases a part of the Chrome. A prepared part always has the right kind, because a worker serves
   * one isolation after its first job.
   */
  private leaseScope(leased: Seated, Kind: new (chrome: Promise<OpenBrowser>) => BrowserScope): Lease {
    const { browser, files } = leased
    const scope = this.prepared ?? new Kind(browser.opened)
    this.prepared = undefined
    scope.begin()
    const lost = AbortSignal.any([browser.lost, scope.lost])
    let open: OpenBrowser | undefined
    let lastAsked = () => ''
    scope.opened.then(
      value => {
        open = value
        if (this.options.launch.launch.proxyServer !== null) lastAsked = trackNavigation(value.page)
      },
      () => undefined,
    )
    return {
      browser: {
        opened: scope.opened,
        livePage: () => (scope.lost.aborted || browser.livePage() === undefined ? undefined : open?.page),
        profile: browser.profile,
        lost,
        blame: thrown => browser.blame(thrown, lastAsked()),
      },
      files,
      release: leftover => this.takeBack(browser, scope, leftover),
    }
  }

  private async takeBack(
    { lost }: WorkerBrowser,
    scope: BrowserScope,
    leftover: string | undefined,
  ): Promise<Warning | undefined> {
    try {
      lost.throwIfAborted()
      const renewing = scope.recycle(leftover)
      const { next, replaced } = await withTimeout(
        renewing,
        CLEANING_LIMIT_MS,
        'The clean-up after the job',
        this.options.clock,
      )
      this.prepared = next
      return replaced === undefined
        ? undefined
        : { text: `the page is not reused, because ${replaced}`, severe: false }
    } catch (error) {
      await this.close()
      this.warmUp()
      return { text: `the browser is not reused: ${messageOf(error)}`, severe: true }
    }
  }
}
