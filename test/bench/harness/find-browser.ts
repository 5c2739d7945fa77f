import { existsSync } from 'node:fs'
import { join } from 'node:path'

const WINDOWS_ROOTS = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap(
  name => process.env[name] ?? [],
)

/** headless-shell first: it is what the product runs where it is found. Debian's wrapper in /usr/bin does not exec, so the binaries. */
const USUAL_PATHS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: [
    '/usr/lib/chromium/chromium-headless-shell',
    '/usr/lib/chromium/chromium',
    '/opt/google/chrome/chrome',
    '/opt/microsoft/msedge/msedge',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: WINDOWS_ROOTS.flatMap(root => [
    join(root, 'Google', 'Chrome', 'Application', 'chrome.exe'),
    join(root, 'Chromium', 'Application', 'chrome.exe'),
    join(root, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
  ]),
}

/** The browser that all competitors run: AUTOMATE_BROWSER, or the first one in the usual places. */
export function findBrowser(): string | undefined {
  const named = process.env['AUTOMATE_BROWSER']
  if (named !== undefined && named !== '') return named
  return USUAL_PATHS[process.platform]?.find(path => existsSync(path))
}
