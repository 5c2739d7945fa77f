#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

/** Mouse and bracketed paste on native Windows, and running TypeScript as it is, need this version of Node. */
const NEEDED = [22, 22] as const

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  process.stderr.write(
    `automate-tui needs Node ${NEEDED.join('.')} or newer, and this is ${process.versions.node}. Install a newer Node from nodejs.org.\n`,
  )
  process.exit(4)
}

enableCompileCache()
const { main } = await import('./main.ts')
process.exitCode = await main(process.argv.slice(2))
