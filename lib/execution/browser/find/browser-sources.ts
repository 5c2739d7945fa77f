import { readFileSync } from 'node:fs'
import type { BrowserSearch } from './browser-locations.ts'
import { WHERE_TO_GET_ONE } from './find-browser.ts'

/** The ways to get a browser: puppeteer's own download, or the distribution's package. */
export type BrowserSource = 'download' | 'apt'

export interface Machine {
  readonly platform: NodeJS.Platform
  /** Debian or one of its children (Ubuntu, Mint). */
  readonly debianLike: boolean
  readonly root: boolean
  readonly env: BrowserSearch['env']
}

/** puppeteer's own variables: set to anything but a no, they forbid its download. */
const SKIP_DOWNLOAD = [
  'PUPPETEER_SKIP_DOWNLOAD',
  'PUPPETEER_CHROME_HEADLESS_SHELL_SKIP_DOWNLOAD',
  'PUPPETEER_SKIP_CHROME_HEADLESS_SHELL_DOWNLOAD',
]
const NO = ['', '0', 'false', 'off']

/** What may be tried on a machine, in order. Nothing is installed system-wide but by root, and only where apt-get belongs. */
export function decideSources({ platform, debianLike, root, env }: Machine): readonly BrowserSource[] {
  const skip = SKIP_DOWNLOAD.some(name => !NO.includes((env[name] ?? '').toLowerCase()))
  return [
    ...(skip ? [] : (['download'] as const)),
    ...(platform === 'linux' && debianLike && root ? (['apt'] as const) : []),
  ]
}

/** What the person at this machine can do about a missing browser. */
export function remedyFor({ platform, debianLike, root }: Machine): string {
  if (platform === 'linux' && debianLike) {
    return `Run "${root ? '' : 'sudo '}apt-get install chromium" (or "chromium-headless-shell" on Debian), or set AUTOMATE_BROWSER to the path of a browser's program.`
  }
  return WHERE_TO_GET_ONE
}

/** The machine on which this process runs. */
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
