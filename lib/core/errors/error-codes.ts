/** Every code an error of ours can have. The code decides the exit code and the recovery, the message tells the person. */
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

/** The code of an error: `retryOn` and `recovery` take them, `crashes` and `--json` show them. */
export type ErrorCode = (typeof ERROR_CODES)[number]

/** The names of the failures that authors and operators meet; every other error of ours has none of its own. */
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

/** Failures after which the browser is gone: nothing can be tidied up in it, and no phase is tried again in it. */
export const WITHOUT_BROWSER: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['browser-crash', 'resource-limit'])
