import { runInNewContext } from 'node:vm'

/** Address of a module of the browser's library, as Node writes it in a stack. */
const MODULE = 'file:///shop/node_modules/puppeteer-core/lib/puppeteer/cdp/Frame.js'

/**
 * Returns an error with this message, and with a stack as if the browser's library had thrown it.
 */
export function libraryError(text: string, options: ErrorOptions = {}): Error {
  const error: unknown = runInNewContext('new Error(text, options)', { Error, text, options }, MODULE)
  if (!(error instanceof Error)) throw new Error('The module made no error.')
  return error
}
