import { execFile } from 'node:child_process'
import type { Control } from '../../lib/control/control.ts'
import { retryDelayMs } from '../../lib/control/decide/backoff.ts'
import { systemClock } from '../../lib/core/time/clock.ts'
import { delay } from '../../lib/core/time/timeout.ts'
import { AutomateError, messageOf } from '../../lib/core/errors/errors.ts'
import { PROGRAM } from '../../lib/core/process/program.ts'
import type { Notification } from '../../lib/model/notify/notification.ts'
import { InstalledPackage } from '../../lib/platform/package/installed-package.ts'
import { channelsOfProject } from '../../lib/app/project/project-channels.ts'
import type { Project } from '../../lib/app/project/project.ts'
import type { OpenProject } from '../open-project.ts'
import { notifyDirectly } from './notify-directly.ts'
import { knownSecrets } from '../../lib/core/secrets/known-secrets.ts'
import { readMigrations } from '../../lib/store/migrations/migrations-folder.ts'
import { START_ENVIRONMENT } from './start-environment.ts'

/**
 * Number of migrations of this version. Read when the program starts, because another version may
 * replace the package later.
 */
const MIGRATIONS = readMigrations().length
/**
 * Longest wait for the check whether another version can start. The check reads the configuration
 * in a child process, which takes up to a minute, and copies and migrates the database, which takes
 * some minutes for gigabytes.
 */
const PATIENCE_MS = 900_000
/**
 * Maximum length of the output of a failed check in a report, in characters. The end of the output
 * is used, because it has the reason.
 */
const LONGEST_REASON = 500

/**
 * Resolves when another version is installed and can be started, and no job is running any more.
 * From the installation on, the scheduler claims no jobs. If the version cannot be started, people
 * are notified on every channel, once for each reason, and the check is retried with growing
 * delays, because a package manager may still be writing the version. A version that another user
 * can change is not executed. Also resolves after `signal` aborts.
 */
export async function awaitReplacement(
  session: OpenProject,
  control: Control,
  signal: AbortSignal,
): Promise<void> {
  const installed = new InstalledPackage()
  const reported = new Set<string>()
  for (let failures = 1; ; failures += 1) {
    await control.restartable()
    const { project, log } = session
    const reason = await whyNotStartable(project, signal)
    if (signal.aborted) return
    if (reason === null) {
      if (control.isTrusted()) return
      continue
    }
    const to = installed.replacement?.version
    if (to !== undefined && !reported.has(reason)) {
      reported.add(reason)
      log.error(`The scheduler could not restart into automate-tui ${to} and will try again: ${reason}`)
      const channels = channelsOfProject(project).map(({ name }) => name)
      await session.store
        .call('notices.tell', { channels, notice: failedRestart(PROGRAM.version, to, reason) })
        .catch((error: unknown) => log.error(messageOf(error)))
    }
    await delay(retryDelayMs(failures, Math.random()), systemClock, signal)
  }
}

/**
 * Waits until nothing is running any more and no other user can change the installed program. For a
 * restart that the operator requested in the console.
 * @throws `environment-unfit` if the installed version cannot be started.
 */
export async function requireStartable(control: Control, project: Project): Promise<void> {
  do {
    await control.restartable()
    await throwUnlessStartable(project)
  } while (!control.isTrusted())
  await control.drain()
}

async function throwUnlessStartable(project: Project): Promise<void> {
  const reason = await whyNotStartable(project, new AbortController().signal)
  if (reason !== null) throw new AutomateError('environment-unfit', reason)
}

/** Notifies people on every channel that this version could not start after a restart. */
export const notifyFailedStart = (project: Project, from: string, error: unknown): Promise<void> =>
  notifyDirectly(project, failedRestart(from, PROGRAM.version, messageOf(error)))

const failedRestart = (from: string, to: string, reason: string): Notification => ({
  kind: 'restart-failed',
  ...{ from, to, reason },
})

/**
 * Checks whether the installed version could schedule in a project. Resolves with the reason if it
 * could not, and with null if it could.
 */
function whyNotStartable({ paths, owner }: Project, signal: AbortSignal): Promise<string | null> {
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
