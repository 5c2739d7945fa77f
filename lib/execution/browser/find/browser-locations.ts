import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Facts of a machine that decide where browsers are searched for. They are passed in, so that a
 * test can describe another machine.
 */
export interface BrowserSearch {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** Absolute path of the configured program, and the name of its setting. */
  readonly named?: { readonly path: string; readonly by: string }
  /** Prefix of every fixed absolute path: '' on the real machine, a folder in a test. */
  readonly root: string
}

// Headless shells come first, because they have twice the throughput and take 40 % less memory. On
// Debian the paths are those of the programs, not of their wrappers in /usr/bin. The headless
// shell's wrapper does not `exec`, so a kill would reach a shell script instead of the browser.
const LINUX = [
  '/usr/lib/chromium/chromium-headless-shell',
  '/usr/lib64/chromium-browser/headless_shell',
  '/opt/google/chrome/chrome',
  '/usr/lib/chromium/chromium',
  '/usr/lib/chromium-browser/chromium-browser',
  '/usr/lib64/chromium-browser/chromium-browser',
  '/opt/microsoft/msedge/msedge',
  // Last, because the snap cannot use profiles in hidden folders.
  '/snap/bin/chromium',
]

const MAC = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]

const WINDOWS = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
] as const

const ON_PATH = [
  'chrome-headless-shell',
  'chromium-headless-shell',
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'microsoft-edge-stable',
  'microsoft-edge',
]

/** Returns the locations that the platform's packages and installers use, best first. */
export function systemLocations({ platform, env, home, root }: BrowserSearch): readonly string[] {
  if (platform === 'win32') {
    // A 32-bit process finds the 64-bit folder in ProgramW6432.
    const folders = ['ProgramW6432', 'ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap(
      name => env[name] ?? [],
    )
    return WINDOWS.flatMap(parts => folders.map(folder => join(folder, ...parts)))
  }
  if (platform === 'darwin') {
    return MAC.flatMap(app => [join(root, '/Applications', app), join(home, 'Applications', app)])
  }
  return LINUX.map(path => join(root, path))
}

/**
 * Returns the programs in the folders of PATH, best first. Empty on Windows and macOS, because
 * their browsers are not in PATH.
 */
export function pathLocations({ platform, env }: BrowserSearch): readonly string[] {
  if (platform === 'win32' || platform === 'darwin') return []
  const folders = (env.PATH ?? '').split(':').filter(folder => folder !== '')
  return ON_PATH.flatMap(name => folders.map(folder => join(folder, name)))
}

/** Returns the folder of the browsers that puppeteer downloaded. */
export function puppeteerCache({ env, home }: Pick<BrowserSearch, 'env' | 'home'>): string {
  return env.PUPPETEER_CACHE_DIR ?? join(home, '.cache', 'puppeteer')
}

/** Returns puppeteer's downloads: headless shells before Chromes, newest builds first. */
export function cacheLocations(search: BrowserSearch): readonly string[] {
  const exe = search.platform === 'win32' ? '.exe' : ''
  const mac = ['Google Chrome for Testing.app', 'Contents', 'MacOS', 'Google Chrome for Testing']
  const program = {
    'chrome-headless-shell': [`chrome-headless-shell${exe}`],
    chrome: search.platform === 'darwin' ? mac : [`chrome${exe}`],
  }
  return (['chrome-headless-shell', 'chrome'] as const).flatMap(browser => {
    const folder = join(puppeteerCache(search), browser)
    return newestFirst(foldersIn(folder)).flatMap(build =>
      foldersIn(join(folder, build)).map(inner => join(folder, build, inner, ...program[browser])),
    )
  })
}

/**
 * Sorts builds such as `linux-156.0.8078.47` by version, newest first. Compares numbers, because 99
 * is older than 156.
 */
function newestFirst(builds: readonly string[]): readonly string[] {
  return [...builds].sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => entry.name)
  } catch {
    // A missing or unreadable cache has no usable browser.
    return []
  }
}
