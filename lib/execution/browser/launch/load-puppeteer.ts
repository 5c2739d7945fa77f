import { registerHooks } from 'node:module'
import type { connect } from 'puppeteer'
import { z } from 'zod'

const isFunction = (value: unknown) => typeof value === 'function'

const Library = z.object({ connect: z.custom<typeof connect>(isFunction) })

/** What puppeteer's library asks of Node; its own entry fills this in too. */
const Surroundings = z.object({
  environment: z.object({ value: z.custom<{ ScreenRecorder: unknown }>(value => typeof value === 'object') }),
})
const Recorder = z.object({ ScreenRecorder: z.custom<unknown>(isFunction) })

/**
 * Loads the part of puppeteer that works on a browser, for Node, without the part that finds, fetches and launches one: that costs half of the processor time of a
 * worker's start. They are the very modules that `puppeteer` gives, so that an author who imports it meets the same classes.
 */
export async function loadConnect(): Promise<typeof connect> {
  const lookups = shortenLookups()
  try {
    // First: the others look at it while they load.
    await import('puppeteer-core/internal/node-env-setup.js')
    const library: unknown = await import('puppeteer-core/internal/puppeteer-core-browser.js')
    const surroundings: unknown = await import('puppeteer-core/internal/environment.js')
    const recorder: unknown = await import('puppeteer-core/internal/node/ScreenRecorder.js')
    const { environment } = Surroundings.parse(surroundings)
    // Setting a field, not the value: the modules hold the object.
    environment.value.ScreenRecorder = Recorder.parse(recorder).ScreenRecorder
    return Library.parse(library).connect
  } finally {
    lookups.deregister()
  }
}

/**
 * puppeteer's hundreds of modules import each other by relative paths with file extensions, which name the file already. Node would look for each on the disk, and
 * for the package.json that tells its format: half of what loading them costs.
 */
function shortenLookups(): { deregister(): void } {
  const library = new URL('.', import.meta.resolve('puppeteer-core/internal/node-env-setup.js')).href
  return registerHooks({
    resolve(specifier, context, nextResolve) {
      const { parentURL } = context
      if (!isRelative(specifier) || parentURL?.startsWith(library) !== true)
        return nextResolve(specifier, context)
      return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true }
    },
  })
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('../') || specifier.startsWith('../../')
}
