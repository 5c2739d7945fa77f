import { runInNewContext } from 'node:vm'

/** As Node names a module of the library in a stack. */
const MODULE = 'file:///shop/node_modules/puppeteer-core/lib/puppeteer/cdp/Frame.js'

/** Returns an error of this text that was made in a module of the browser's library. */
export function libraryError(text: string, options: ErrorOptions = {}): Error {
  const error: unknown = runInNewContext('new Error(text, options)', { Error, text, options }, MODULE)
  if (!(error instanceof Error)) throw new Error('The module made no error.')
  return error
}
