import type { Readable } from 'node:stream'
import type { ActivePort } from '../launch/verify-port.ts'

/** Chrome prints the line before it opens a page; what comes later is a page's. */
const LONGEST_START = 64_000

const LISTENING = /^DevTools listening on ws:\/\/[^/\s]+:(\d+)(\/devtools\/browser\/[\w-]+)\s/m

/** Follows what a Chrome prints at its start. Returns the port on which it says that it listens; undefined until then. */
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
