import { runCommand } from './run-command.ts'

/**
 * Time limit of an installation: enough for 100 MB over a slow line, after another apt-get has
 * finished.
 */
const TOTAL_MS = 15 * 60_000
const LOCK_SECONDS = 300

/**
 * Installs the distribution's headless shell as root, or its Chromium if it has no headless shell.
 * @throws `environment-unfit` with the end of apt-get's output if neither can be installed.
 */
export async function installWithApt(print: (line: string) => void): Promise<void> {
  const attempts = [
    ['install', 'chromium-headless-shell'],
    // A fresh machine has no package lists yet.
    ['update'],
    ['install', 'chromium-headless-shell'],
    ['install', 'chromium'],
  ] as const
  let failure: unknown
  for (const [verb, ...packages] of attempts) {
    const flags = verb === 'install' ? ['-y', '--no-install-recommends'] : []
    print(['Running apt-get', verb, ...flags, ...packages].join(' '))
    try {
      await aptGet(verb, [...flags, ...packages])
      if (verb === 'install') return
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

function aptGet(verb: string, rest: readonly string[]): Promise<void> {
  return runCommand('apt-get', [verb, '-qq', '-o', `DPkg::Lock::Timeout=${LOCK_SECONDS}`, ...rest], {
    totalMs: TOTAL_MS,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    endWith: 'SIGTERM',
  })
}
