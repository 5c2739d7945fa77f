/**
 * All codes of this program's errors. Programs use the code, which decides the exit code and the
 * recovery. The message is for people.
 */
export const ERROR_CODES = [
  'usage',
  'config-invalid',
  'environment-unfit',
  'no-project',
  'document-invalid',
  'workflow-invalid',
  'workflow-missing',
  'input-invalid',
  'result-invalid',
  'store-busy',
  'store-closed',
  'store-damaged',
  'store-newer',
  'store-refused',
  'migration-changed',
  'job-missing',
  'job-state',
  'schedule-missing',
  'fenced',
  'phase-timeout',
  'proxy',
  'navigate',
  'element',
  'session-expired',
  'browser-launch',
  'browser-crash',
  'resource-limit',
  'worker-exit',
  'workflow',
  'cancelled',
  'deadline',
  'wait-timeout',
  'hard-fail',
  'unexpected',
  'bug',
] as const

/** Code of an error. `retryOn` and `recovery` take codes; `crashes` and `--json` show them. */
export type ErrorCode = (typeof ERROR_CODES)[number]

/**
 * Names of the failures that authors and operators meet. Every other error of the program has no
 * name of its own.
 */
export const FAILURE_NAMES: Readonly<Partial<Record<ErrorCode, string>>> = {
  'result-invalid': 'ResultInvalidError',
  'phase-timeout': 'PhaseTimeoutError',
  proxy: 'ProxyError',
  navigate: 'NavigateError',
  element: 'ElementError',
  'session-expired': 'SessionExpiredError',
  'browser-launch': 'BrowserLaunchError',
  'browser-crash': 'BrowserCrashError',
  'resource-limit': 'ResourceLimitError',
  'worker-exit': 'WorkerExitError',
  workflow: 'WorkflowError',
  'hard-fail': 'HardFailError',
}

/**
 * Codes of failures that end the browser. Nothing can be cleaned up in the browser afterwards, and
 * no phase can be retried in it.
 */
export const WITHOUT_BROWSER: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['browser-crash', 'resource-limit'])
