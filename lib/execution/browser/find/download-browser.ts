import { cp, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { makeFolder } from '../../../core/disk/make-folder.ts'
import { entryPath } from '../../../core/process/entry-path.ts'
import { AutomateError } from '../../../core/errors/errors.ts'
import { cacheLocations, puppeteerCache } from './browser-locations.ts'
import { runCommand } from './run-command.ts'

/** A network that lets nothing through is found out in this time; a slow one still moves. */
const SILENCE_MS = 20_000
/** The archive is about 120 MB: a line of 2 Mbit/s needs eight minutes. */
const TOTAL_MS = 15 * 60_000
/** A browser on a cold disk tells its version within seconds. */
const VERSION_MS = 30_000

/**
 * Downloads the headless shell that puppeteer was tested with into puppeteer's cache. What arrives is started once before it
 * is kept, and moved there as a whole, so that neither half a download nor a browser that lacks libraries is ever found there.
 * Throws `environment-unfit` when it cannot be had or does not start.
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
      throw new AutomateError('environment-unfit', 'The download of chrome-headless-shell holds no browser.')
    }
    // Only Linux leaves libraries to be installed apart.
    if (process.platform === 'linux') await runCommand(program, ['--version'], { totalMs: VERSION_MS })
    const build = dirname(dirname(program))
    await keep(build, join(cache, 'chrome-headless-shell', basename(build)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function keep(build: string, place: string): Promise<void> {
  makeFolder(dirname(place))
  // A folder of the same build would have been found, had it held a browser that starts.
  await rm(place, { recursive: true, force: true })
  // On Windows a virus scanner may hold the new files open, which forbids the rename but not a copy.
  await rename(build, place).catch(() => cp(build, place, { recursive: true }))
}
