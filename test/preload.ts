import { join } from 'node:path'
import processOnSpawn from 'process-on-spawn'
import { useCompileCache } from '../lib/core/process/compile-cache.ts'
import { readAccounts } from '../lib/platform/trust/accounts.ts'
import { findUntrustedAbove, trustedUids } from '../lib/platform/trust/untrusted-file.ts'

// What every test file loads first.

useCompileCache()

// tap makes every Node process that a test starts, and whatever that one starts, load its records for coverage. Here they start as their user starts them.
processOnSpawn.removeAllListeners()
delete process.env['NODE_OPTIONS']

// Projects of tests are made in the checkout. On Windows other users may write there (on a disk of its own by default), elsewhere perhaps in a folder above, such as the one
// in which a CI runner makes its checkouts. The program would refuse these projects.
if (process.platform === 'win32' || othersCanReplace(join(import.meta.dirname, 'preload.ts'))) {
  process.env['AUTOMATE_TRUST'] ??= '*'
}

function othersCanReplace(path: string): boolean {
  const uids = trustedUids(process.getuid?.() ?? 0, process.env)
  return findUntrustedAbove([path], { uids, accounts: readAccounts() }).length > 0
}
