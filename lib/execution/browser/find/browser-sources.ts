import { readFileSync } from 'node:fs'
import type { BrowserSearch } from './browser-locations.ts'
import { WHERE_TO_GET_ONE } from './find-browser.ts'

/** Sources of a browser: puppeteer's own download, or the distribution's package. */
export type BrowserSource = 'download' | 'apt'

export interface Machine {
  readonly platform: NodeJS.Platform
  /** True for Debian and its derivatives (Ubuntu, Mint). */
  readonly debianLike: boolean
  readonly root: boolean
  readonly env: BrowserSearch['env']
}

/** puppeteer's own environment variables. Any value that is not in `NO` forbids the download. */
const SKIP_DOWNLOAD = [
  'PUPPETEER_SKIP_DOWNLOAD',
  'PUPPETEER_CHROME_HEADLESS_SHELL_SKIP_DOWNLOAD',
  'PUPPETEER_SKIP_CHROME_HEADLESS_SHELL_DOWNLOAD',
]
const NO = ['', '0', 'false', 'off']

/**
 * Returns the sources to try on a machine, in order. Only root installs system-wide, and only on a
 * system with apt-get.
 */
export function decideSources({ platform, debianLike, root, env }: Machine): readonly BrowserSource[] {
  const skip = SKIP_DOWNLOAD.some(name => !NO.includes((env[name] ?? '').toLowerCase()))
  return [
    ...(skip ? [] : (['download'] as const)),
    ...(platform === 'linux' && debianLike && root ? (['apt'] as const) : []),
  ]
}

/** Returns the remedy for a missing browser that this machine's user can apply. */
export function remedyFor({ platform, debianLike, root }: Machine): string {
  if (platform === 'linux' && debianLike) {
    return `Run "${root ? '' : 'sudo '}apt-get install chromium" (or "chromium-headless-shell" on Debian), or set AUTOMATE_BROWSER to the path of a browser executable.`
  }
  return WHERE_TO_GET_ONE
}

/** Describes the machine of this process. */
export function describeMachine(): Machine {
  return {
    platform: process.platform,
    debianLike: process.platform === 'linux' && isDebianLike(),
    root: process.getuid?.() === 0,
    env: process.env,
  }
}

function isDebianLike(): boolean {
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}
