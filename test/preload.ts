import processOnSpawn from 'process-on-spawn'
import { useCompileCache } from '../lib/core/compile-cache.ts'

// What every test file loads first.

useCompileCache()

// tap makes every Node process that a test starts, and whatever that one starts, load its records for coverage. Here they start as their user starts them.
processOnSpawn.removeAllListeners()
delete process.env['NODE_OPTIONS']

// Projects of tests are made in the checkout. On Windows other users may write there (on a disk of its own by default), and the program would refuse them.
if (process.platform === 'win32') process.env['AUTOMATE_TRUST'] ??= '*'
