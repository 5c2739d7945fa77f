import { errorCode } from '../lib/core/errors.ts'
import type { ErrorCode } from '../lib/core/errors.ts'

/** How the program ends; scripts rely on it. */
export const EXIT = {
  done: 0,
  jobFailed: 1,
  wrongUsage: 2,
  cancelled: 3,
  environmentUnfit: 4,
  bug: 70,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

const WRONG_USAGE: ReadonlySet<ErrorCode> = new Set([
  'usage',
  'config-invalid',
  'no-project',
  'document-invalid',
  'workflow-invalid',
  'workflow-missing',
  'input-invalid',
  'job-missing',
  'job-state',
  'schedule-missing',
])

const ENVIRONMENT_UNFIT: ReadonlySet<ErrorCode> = new Set([
  'environment-unfit',
  'browser-launch',
  'store-busy',
  'store-closed',
  'store-damaged',
  'store-newer',
  'store-refused',
  'migration-changed',
])

/** The exit code that tells what kind of failure ended a command. */
export function exitCodeOf(error: unknown): ExitCode {
  const code = errorCode(error)
  if (WRONG_USAGE.has(code)) return EXIT.wrongUsage
  if (ENVIRONMENT_UNFIT.has(code)) return EXIT.environmentUnfit
  return code === 'cancelled' ? EXIT.cancelled : EXIT.bug
}
