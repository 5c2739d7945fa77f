import { cp, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { makeFolder } from '../../../core/disk/make-folder.ts'
import { entryPath } from '../../../core/process/entry-path.ts'
import { AutomateError } from '../../../core/errors/errors.ts'
import { cacheLocations, puppeteerCache } from './browser-locations.ts'
import { runCommand } from './run-command.ts'

/**
 * Longest time for which a download may deliver no data. It is long enough for a slow network, and
 * short enough to detect a blocked one.
 */
const SILENCE_MS = 20_000
/**
 * Time limit of a download. The archive is about 120 MB, so a line of 2 Mbit/s needs eight minutes.
 */
const TOTAL_MS = 15 * 60_000
/** Time limit of a version check. A browser on a cold disk prints its version within seconds. */
const VERSION_MS = 30_000

/**
 * Downloads the headless shell that puppeteer was tested with into puppeteer's cache. The
 * downloaded browser is run once before its folder is moved to the cache as a whole, so that the
 * cache never contains half a download or a browser that lacks libraries.
 * @throws `environment-unfit` if the download fails or the browser does not start.
 */
export async function downloadBrowser(print: (line: string) => void): Promise<void> {
  const where = { env: process.env, home: homedir() }
  const cache = puppeteerCache(where)
  makeFolder(cache)
  const folder = await mkdtemp(join(cache, '.download-'))
  try {
    await runCommand(process.execPath, [entryPath(import.meta.url, './download-browser.entry'), folder], {
      totalMs: TOTAL_MS,
      silenceMs: SILENCE_MS,
      onLine: print,
    }).catch((error: unknown) => {
      throw new AutomateError('environment-unfit', 'The download of chrome-headless-shell failed.', {
        cause: error,
      })
    })
    const arrived = { ...where, env: { PUPPETEER_CACHE_DIR: folder }, platform: process.platform, root: '' }
    const [program] = cacheLocations(arrived)
    if (program === undefined) {
      throw new AutomateError(
        'environment-unfit',
        'The download of chrome-headless-shell contains no browser.',
      )
    }
    // Libraries can be missing only on Linux.
    if (process.platform === 'linux') await runCommand(program, ['--version'], { totalMs: VERSION_MS })
    const build = dirname(dirname(program))
    await keep(build, join(cache, 'chrome-headless-shell', basename(build)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function keep(build: string, place: string): Promise<void> {
  makeFolder(dirname(place))
  // If an existing folder of this build had a usable browser, the search would have found it.
  await rm(place, { recursive: true, force: true })
  // On Windows a virus scanner may have the new files open, which forbids the rename but not a
  // copy.
  await rename(build, place).catch(() => cp(build, place, { recursive: true }))
}
