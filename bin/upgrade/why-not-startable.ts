import { execFile } from 'node:child_process'
import { knownSecrets } from '../../lib/core/secrets/known-secrets.ts'
import { readMigrations } from '../../lib/store/migrations/migrations-folder.ts'
import type { Project } from '../../lib/app/project/project.ts'
import { START_ENVIRONMENT } from './start-environment.ts'

/** Counted when the program starts: another version of the package may have others later. */
const MIGRATIONS = readMigrations().length

/** A start reads the configuration in a child process, which has a minute for it. A copy of a database of gigabytes and its migration take some minutes. */
const PATIENCE_MS = 900_000

/** Of what a program that cannot start says, the end tells why. */
const LONGEST_REASON = 500

/** Asks the installed program whether it could schedule in a project. Resolves with null, or with why it cannot. */
export function whyNotStartable({ paths, owner }: Project, signal: AbortSignal): Promise<string | null> {
  const [, program = ''] = process.argv
  const args = [
    ...process.execArgv,
    program,
    'check-start',
    '--root',
    paths.root,
    ...(owner === undefined ? [] : ['--owner', owner]),
    '--migrations',
    `${MIGRATIONS}`,
  ]
  return new Promise(resolve => {
    execFile(
      process.execPath,
      args,
      { env: START_ENVIRONMENT, timeout: PATIENCE_MS, windowsHide: true, signal },
      (error, _stdout, stderr) => {
        if (error === null) resolve(null)
        else resolve(lastLines(stderr) || error.message)
      },
    )
  })
}

const lastLines = (text: string): string => knownSecrets.tail(text.trim(), LONGEST_REASON).trim()
