import { accessSync, constants, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, resolve } from 'node:path'
import { AutomateError } from '../../../core/errors/errors.ts'
import { cacheLocations, pathLocations, systemLocations } from './browser-locations.ts'
import type { BrowserSearch } from './browser-locations.ts'

export type BrowserKind = 'headless-shell' | 'chromium' | 'chrome' | 'edge'

export interface FoundBrowser {
  /** Absolute path of the program. */
  readonly path: string
  readonly kind: BrowserKind
  /** Origin of the path. */
  readonly source: (typeof NAMED_BY)[number] | 'configuration' | 'puppeteer-cache' | 'system' | 'path'
}

/** Environment variables with the path of a browser; the first one that is set wins. */
const NAMED_BY = ['AUTOMATE_BROWSER', 'PUPPETEER_EXECUTABLE_PATH'] as const

export const WHERE_TO_GET_ONE =
  'Install Google Chrome, Chromium or Microsoft Edge, or set AUTOMATE_BROWSER to the path of its executable.'

/** Describes the machine of this process. */
export function thisMachine(): BrowserSearch {
  return { platform: process.platform, env: process.env, home: homedir(), root: '' }
}

/**
 * Returns the best browser of a machine; undefined if it has none. A browser from the configuration
 * or the environment comes first, then a headless shell, then Chrome, Chromium or Edge. puppeteer's
 * downloads come before the system's browsers, because their versions match puppeteer's own. If
 * `headed`, a headless shell comes last, because it has no windows. Reads files only, and starts
 * nothing.
 * @throws `environment-unfit` if the named browser cannot be started.
 */
export function findBrowser(search: BrowserSearch = thisMachine(), headed = false): FoundBrowser | undefined {
  if (search.named !== undefined) return namedBrowser(search.named.by, search.named.path, 'configuration')
  for (const name of NAMED_BY) {
    const named = search.env[name]
    if (named !== undefined && named !== '') return namedBrowser(name, named, name)
  }
  const found = [
    ...cacheLocations(search).map(path => ({ path, source: 'puppeteer-cache' as const })),
    ...systemLocations(search).map(path => ({ path, source: 'system' as const })),
    ...pathLocations(search).map(path => ({ path, source: 'path' as const })),
  ]
    .filter(({ path }) => isProgram(path))
    .map(({ path, source }) => ({ path, kind: kindOf(path), source }))
  return found.find(({ kind }) => (kind === 'headless-shell') !== headed) ?? found[0]
}

/**
 * Returns the best browser of a machine.
 * @throws `environment-unfit` if the machine has no browser; the message has the remedy.
 */
export function requireBrowser(search: BrowserSearch = thisMachine()): FoundBrowser {
  const found = findBrowser(search)
  if (found !== undefined) return found
  throw new AutomateError('environment-unfit', `No Chrome, Chromium or Edge was found. ${WHERE_TO_GET_ONE}`)
}

function namedBrowser(by: string, named: string, source: FoundBrowser['source']): FoundBrowser {
  const path = resolve(named)
  if (isProgram(path)) return { path, kind: kindOf(path), source }
  throw new AutomateError(
    'environment-unfit',
    `${by} is "${named}", which is not an executable program. Set it to the path of Chrome, Chromium or Edge itself, or unset it to search for a browser.`,
    { facts: { namedBy: by, path } },
  )
}

function isProgram(path: string): boolean {
  try {
    // Windows marks no programs as executable, so any readable file passes there.
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function kindOf(path: string): BrowserKind {
  const name = basename(path).toLowerCase()
  if (name.includes('headless')) return 'headless-shell'
  if (name.includes('edge')) return 'edge'
  // Chromium's own installer on Windows calls its program chrome.exe.
  return name.includes('chromium') || /[\\/]chromium[\\/]application[\\/]/i.test(path) ? 'chromium' : 'chrome'
}
