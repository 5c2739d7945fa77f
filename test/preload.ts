import module from 'node:module'
import processOnSpawn from 'process-on-spawn'

// What every test file loads first.

module.enableCompileCache()

// tap makes every Node process that a test starts, and whatever that one starts, load its records for coverage. Here they start as their user starts them.
processOnSpawn.removeAllListeners()
delete process.env['NODE_OPTIONS']
