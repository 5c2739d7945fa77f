import { resolve } from 'node:path'
import type { ResolvedConfig } from './resolve.ts'

/** Environment variable in which puppeteer expects the path of the browser. */
const OF_PUPPETEER = 'PUPPETEER_EXECUTABLE_PATH'

/**
 * Returns the variables of `.env`, with puppeteer's browser path made absolute against the
 * project's folder. Otherwise a relative path would depend on the folder in which the program was
 * started.
 */
export function withAbsoluteBrowser(
  dotEnv: Readonly<Record<string, string | undefined>>,
  root: string,
): Readonly<Record<string, string | undefined>> {
  const named = dotEnv[OF_PUPPETEER] ?? ''
  return named === '' ? dotEnv : { ...dotEnv, [OF_PUPPETEER]: resolve(root, named) }
}

/**
 * Returns the path of the browser from the configuration, or else from the environment (including
 * `.env`); '' if neither names a browser.
 */
export function namedBrowser(
  { browser }: ResolvedConfig['config'],
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (browser !== '') return browser
  const named = env[OF_PUPPETEER] ?? ''
  return named === '' ? '' : resolve(named)
}
