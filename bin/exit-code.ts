import { errorCode } from '../lib/core/errors/errors.ts'
import type { ErrorCode } from '../lib/core/errors/errors.ts'

/** Exit codes of the program. Scripts rely on them, so they must not change. */
export const EXIT = {
  done: 0,
  jobFailed: 1,
  wrongUsage: 2,
  cancelled: 3,
  environmentUnfit: 4,
  databaseDamaged: 5,
  bug: 70,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/**
 * Exit code for each error code. The type requires an entry for every code, so that a new one is
 * not reported as a bug of this program.
 */
const BY_CODE: Readonly<Record<ErrorCode, ExitCode>> = {
  usage: EXIT.wrongUsage,
  'config-invalid': EXIT.wrongUsage,
  'no-project': EXIT.wrongUsage,
  'document-invalid': EXIT.wrongUsage,
  'workflow-invalid': EXIT.wrongUsage,
  'workflow-missing': EXIT.wrongUsage,
  'input-invalid': EXIT.wrongUsage,
  'job-missing': EXIT.wrongUsage,
  'job-state': EXIT.wrongUsage,
  'schedule-missing': EXIT.wrongUsage,
  'environment-unfit': EXIT.environmentUnfit,
  'browser-launch': EXIT.environmentUnfit,
  'store-busy': EXIT.environmentUnfit,
  'store-closed': EXIT.environmentUnfit,
  'store-damaged': EXIT.databaseDamaged,
  'store-newer': EXIT.environmentUnfit,
  'store-refused': EXIT.environmentUnfit,
  'migration-changed': EXIT.environmentUnfit,
  // A worker, a child process or the network did not respond in time.
  deadline: EXIT.environmentUnfit,
  'wait-timeout': EXIT.environmentUnfit,
  'result-invalid': EXIT.jobFailed,
  'phase-timeout': EXIT.jobFailed,
  proxy: EXIT.jobFailed,
  navigate: EXIT.jobFailed,
  element: EXIT.jobFailed,
  'session-expired': EXIT.jobFailed,
  'browser-crash': EXIT.jobFailed,
  'resource-limit': EXIT.jobFailed,
  'worker-exit': EXIT.jobFailed,
  workflow: EXIT.jobFailed,
  'hard-fail': EXIT.jobFailed,
  cancelled: EXIT.cancelled,
  fenced: EXIT.bug,
  unexpected: EXIT.bug,
  bug: EXIT.bug,
}

/** Returns the exit code for the error that ended a command. */
export const exitCodeOf = (error: unknown): ExitCode => BY_CODE[errorCode(error)]
