import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const BENCH = join(import.meta.dirname, '..')

/**
 * Returns the command for npm: the program that runs now, because `npm` is a script on Windows, or
 * the name outside of npm.
 */
function npmCommand(): { file: string; args: string[]; shell: boolean } {
  const cli = process.env['npm_execpath']
  return cli === undefined
    ? { file: 'npm', args: [], shell: process.platform === 'win32' }
    : { file: process.execPath, args: [cli], shell: false }
}

/**
 * Installs the missing peers from the bench's own lock file.
 * @returns true if they are installed now; without them the bench still compares with bare
 * puppeteer.
 */
export function installPeers(report: (line: string) => void): boolean {
  if (existsSync(join(BENCH, 'node_modules', '.package-lock.json'))) return true
  report('Installing the peers (npm ci in test/bench) …')
  const { file, args, shell } = npmCommand()
  const { status } = spawnSync(file, [...args, 'ci', '--prefix', BENCH], {
    cwd: BENCH,
    shell,
    // npm's own output is progress too, and stdout is for the report.
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0)
    report('The peers could not be installed: they are left out. "npm ci" in test/bench tells more.')
  return status === 0
}
