import { basename } from 'node:path'
import type { LaunchOptions } from 'puppeteer'

/**
 * Returns the launch options of every competitor: one browser, one set of flags, CDP over a pipe.
 */
export function launchOptions(browserPath: string): LaunchOptions {
  return {
    executablePath: browserPath,
    headless: basename(browserPath).includes('headless-shell') ? 'shell' : true,
    pipe: true,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Chrome refuses its sandbox to root, so only root runs without it.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  }
}
