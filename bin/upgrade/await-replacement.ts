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
 * Number of migrations at the start of the program, because another version of the package may have
 * others later.
 */
const MIGRATIONS = readMigrations().length
/**
 * Longest wait for the check of a start. A start reads the configuration in a child process within
 * a minute, and the copy and migration of a database of gigabytes take some minutes.
 */
const PATIENCE_MS = 900_000
/** Longest text of a failed start in a report. The end of its output has the reason. */
const LONGEST_REASON = 500

/**
 * Resolves when another version is installed and can be started, and nothing runs any more. Until
 * then the scheduler claims nothing. A version that cannot be started is reported once for each
 * reason, on every channel, and is retried with growing pauses, because a package manager may still
 * be writing it. A version that another user can change is not executed. Also resolves after
 * `signal` aborts.
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
 * Waits until nothing runs any more and no other user can change the installed program, for a
 * console with a request to restart.
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

/** Reports on every channel that the start after a restart failed. */
export const notifyFailedStart = (project: Project, from: string, error: unknown): Promise<void> =>
  notifyDirectly(project, failedRestart(from, PROGRAM.version, messageOf(error)))

const failedRestart = (from: string, to: string, reason: string): Notification => ({
  kind: 'restart-failed',
  ...{ from, to, reason },
})

/**
 * Checks whether the installed program could schedule in a project. Resolves with the reason
 * against it, or with null.
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
