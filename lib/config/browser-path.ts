import { resolve } from 'node:path'
import type { ResolvedConfig } from './resolve.ts'

/** Environment variable of puppeteer's browser. */
const OF_PUPPETEER = 'PUPPETEER_EXECUTABLE_PATH'

/**
 * Returns the variables of `.env` with an absolute path of puppeteer's browser, because a relative
 * path would depend on the folder where the program was started.
 */
export function withAbsoluteBrowser(
  dotEnv: Readonly<Record<string, string | undefined>>,
  root: string,
): Readonly<Record<string, string | undefined>> {
  const named = dotEnv[OF_PUPPETEER] ?? ''
  return named === '' ? dotEnv : { ...dotEnv, [OF_PUPPETEER]: resolve(root, named) }
}

/**
 * Returns the browser's path from the configuration, or from the environment with `.env`; '' if
 * neither names a browser.
 */
export function namedBrowser(
  { browser }: ResolvedConfig['config'],
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (browser !== '') return browser
  const named = env[OF_PUPPETEER] ?? ''
  return named === '' ? '' : resolve(named)
}
