import { AutomateError, messageOf } from '../../../core/errors/errors.ts'
import { installWithApt } from './apt-browser.ts'
import type { BrowserSearch } from './browser-locations.ts'
import { whyNotHeaded } from './headed-support.ts'
import { decideSources, describeMachine, remedyFor } from './browser-sources.ts'
import type { BrowserSource, Machine } from './browser-sources.ts'
import { downloadBrowser } from './download-browser.ts'
import { findBrowser, thisMachine } from './find-browser.ts'
import type { FoundBrowser } from './find-browser.ts'

export interface EnsureBrowserOptions {
  /** Receives the progress, line by line; not called if a browser is installed already. */
  readonly print: (line: string) => void
  readonly search?: BrowserSearch
  /** True for a browser with windows. */
  readonly headed?: boolean
  readonly machine?: Machine
  readonly get?: Readonly<Record<BrowserSource, (print: (line: string) => void) => Promise<void>>>
}

const ANNOUNCEMENT: Readonly<Record<BrowserSource, string>> = {
  download: 'Downloading chrome-headless-shell into the cache of puppeteer …',
  apt: 'Installing the browser of this Debian system with apt-get, as root …',
}

/**
 * Returns an installed browser, or installs one: by puppeteer's download, or on Debian as root from
 * the distribution's package.
 * @throws `environment-unfit` with the attempts and the remedy if no browser can be installed, if
 * AUTOMATE_BROWSER is wrong, or if windows are required and impossible, because an installed
 * browser would have no windows either.
 */
export async function ensureBrowser(options: EnsureBrowserOptions): Promise<FoundBrowser> {
  const { print, search = thisMachine(), headed = false, machine = describeMachine() } = options
  const { get = { download: downloadBrowser, apt: installWithApt } } = options
  const present = findBrowser(search, headed)
  const noWindow = headed ? whyNotHeaded(present, search) : null
  if (noWindow !== null) throw new AutomateError('environment-unfit', `${noWindow.why} ${noWindow.remedy}`)
  if (present !== undefined) return present

  print('No Chrome, Chromium or Edge was found on this machine.')
  const tried: string[] = []
  for (const source of decideSources(machine)) {
    print(ANNOUNCEMENT[source])
    try {
      await get[source](print)
      const found = findBrowser(search)
      if (found !== undefined) {
        print(`Using ${found.path}`)
        return found
      }
      tried.push(`${source}: no browser was found afterwards`)
    } catch (error) {
      tried.push(`${source}: ${reasonOf(error)}`)
    }
    print(`That did not work (${tried.at(-1)}).`)
  }
  throw new AutomateError('environment-unfit', `There is no usable browser. ${remedyFor(machine)}`, {
    facts: { tried },
  })
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? ` ${messageOf(error.cause)}` : ''
  return messageOf(error) + cause
}
