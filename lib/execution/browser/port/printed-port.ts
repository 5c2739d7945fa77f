import type { Readable } from 'node:stream'
import type { ActivePort } from '../launch/verify-port.ts'

/**
 * Length of the part of the output that is searched, in bytes. Chrome prints the port before it
 * opens a page, and later output comes from pages.
 */
const LONGEST_START = 64_000

const LISTENING = /^DevTools listening on ws:\/\/[^/\s]+:(\d+)(\/devtools\/browser\/[\w-]+)\s/m

/**
 * Searches the beginning of Chrome's output for its port. Returns a function that returns the port
 * once Chrome has printed it, and undefined before.
 */
export function followPrintedPort(stderr: Readable): () => ActivePort | undefined {
  let printed = ''
  let found: ActivePort | undefined
  const read = (bytes: Buffer) => {
    printed += bytes.toString('latin1')
    const [, port, path] = LISTENING.exec(printed) ?? []
    if (port !== undefined && path !== undefined) found = { port: Number(port), path }
    if (found === undefined && printed.length < LONGEST_START) return
    printed = ''
    stderr.off('data', read)
  }
  stderr.on('data', read)
  return () => found
}
