import { registerHooks } from 'node:module'
import type { connect } from 'puppeteer'
import { z } from 'zod'

const isFunction = (value: unknown) => typeof value === 'function'

const Library = z.object({ connect: z.custom<typeof connect>(isFunction) })

/**
 * Object with the parts of Node that puppeteer's library needs. puppeteer's own entry fills it in,
 * too.
 */
const Surroundings = z.object({
  environment: z.object({ value: z.custom<{ ScreenRecorder: unknown }>(value => typeof value === 'object') }),
})
const Recorder = z.object({ ScreenRecorder: z.custom<unknown>(isFunction) })

/**
 * Loads the part of puppeteer that controls a browser, for Node. The part that finds, downloads and
 * launches a browser stays out, because it costs half of the processor time of a worker's start.
 * The modules are those of `puppeteer` itself, so an author who imports it gets the same classes.
 */
export async function loadConnect(): Promise<typeof connect> {
  const lookups = shortenLookups()
  try {
    // First, because the others read it while they load.
    await import('puppeteer-core/internal/node-env-setup.js')
    const library: unknown = await import('puppeteer-core/internal/puppeteer-core-browser.js')
    const surroundings: unknown = await import('puppeteer-core/internal/environment.js')
    const recorder: unknown = await import('puppeteer-core/internal/node/ScreenRecorder.js')
    const { environment } = Surroundings.parse(surroundings)
    // Changes a field of the object and does not replace the object, because the modules hold it.
    environment.value.ScreenRecorder = Recorder.parse(recorder).ScreenRecorder
    return Library.parse(library).connect
  } finally {
    lookups.deregister()
  }
}

/**
 * Resolves imports within puppeteer without the disk. Its hundreds of modules import each other by
 * relative paths with file extensions, which name the file already. Node would check the disk for
 * each module, and for the package.json with its format, which is half of the cost of loading them.
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
