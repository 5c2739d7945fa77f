#!/usr/bin/env node
import { useCompileCache } from '../lib/core/process/compile-cache.ts'
import { MIN_NODE, isNodeNewEnough } from '../lib/core/process/node-version.ts'

if (!isNodeNewEnough(process.versions.node)) {
  process.stderr.write(
    `automate-tui needs Node ${MIN_NODE.join('.')} or newer, but this is ${process.versions.node}. Install a newer Node from nodejs.org.\n`,
  )
  process.exit(4)
}

useCompileCache()
const { endHeldProcess, main } = await import('./main.ts')
process.exitCode = await main(process.argv.slice(2))
endHeldProcess()
