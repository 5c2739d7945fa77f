import { join } from 'node:path'
import processOnSpawn from 'process-on-spawn'
import { useCompileCache } from '../lib/core/process/compile-cache.ts'
import { readAccounts } from '../lib/platform/trust/accounts.ts'
import { findUntrustedAbove, trustedUids } from '../lib/platform/trust/untrusted-file.ts'

// Every test file loads this module first.

useCompileCache()

// tap makes every Node process of a test, and the descendants of that process, load its records for
// coverage. Here these processes start as their user starts them.
processOnSpawn.removeAllListeners()
delete process.env['NODE_OPTIONS']

// Projects of tests are made in the checkout. On Windows other users may write to the checkout (on
// a disk of its own by default); on other systems perhaps to a folder above, such as the folder in
// which a CI runner makes its checkouts. The program would refuse these projects.
if (process.platform === 'win32' || othersCanReplace(join(import.meta.dirname, 'preload.ts'))) {
  process.env['AUTOMATE_TRUST'] ??= '*'
}

function othersCanReplace(path: string): boolean {
  const uids = trustedUids(process.getuid?.() ?? 0, process.env)
  return findUntrustedAbove([path], { uids, accounts: readAccounts() }).length > 0
}
