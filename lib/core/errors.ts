/**
 * Errors of ours: a closed code, facts in fields, a cause, and a form that survives JSON.
 * They are recognised by a brand, because a worker, a workflow and the console may each load their own copy of this module.
 */

const BRAND = Symbol.for('automate-tui.error')

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
  'fenced',
  'phase-timeout',
  'navigate',
  'element',
  'session-expired',
  'browser-launch',
  'browser-crash',
  'worker-exit',
  'cancelled',
  'deadline',
  'hard-fail',
  'unexpected',
  'bug',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

/** A plain value that JSON keeps exactly. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

export type ErrorFacts = Readonly<Record<string, Json>>

/** The form of an error in files, on the wire and in the store. `stack` is the text that the engine made. */
export interface ErrorRecord {
  readonly name: string
  readonly code: ErrorCode
  readonly message: string
  readonly stack: string
  readonly facts: ErrorFacts
  readonly cause?: ErrorRecord
}

export class AutomateError extends Error {
  readonly [BRAND] = true
  readonly code: ErrorCode
  readonly facts: ErrorFacts

  constructor(code: ErrorCode, message: string, options: { facts?: ErrorFacts; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AutomateError'
    this.code = code
    this.facts = options.facts ?? {}
  }
}

/** Tells whether a value is an error of ours, whichever copy of this module made it. */
export function isAutomateError(value: unknown): value is AutomateError {
  return value instanceof Error && BRAND in value
}

export function errorCode(value: unknown): ErrorCode {
  return isAutomateError(value) ? value.code : 'unexpected'
}

/** The message of anything thrown: libraries throw strings (sql.js does), and some throw nothing at all. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return textOr(thrown.message, 'an error without a text was thrown')
  if (typeof thrown === 'string') return thrown
  return `a ${typeof thrown} was thrown`
}

/** Node's system error code of a thrown value ("ENOENT"), when it has one. */
export function systemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined
  return typeof thrown.code === 'string' ? thrown.code : undefined
}

/** How deep a chain of causes is kept: a longer one says nothing more and may be a circle. */
const CAUSE_DEPTH = 5

/** Anything thrown → a record that survives JSON. */
export function errorToRecord(thrown: unknown, depth = 0): ErrorRecord {
  const error = thrown instanceof Error ? thrown : new Error(messageOf(thrown))
  const cause =
    error.cause === undefined || depth >= CAUSE_DEPTH ? undefined : errorToRecord(error.cause, depth + 1)
  const name = textOr(error.name, 'Error')
  const message = messageOf(error)
  return {
    name,
    code: errorCode(error),
    message,
    stack: textOr(error.stack, `${name}: ${message}`),
    facts: isAutomateError(error) ? error.facts : {},
    ...(cause === undefined ? {} : { cause }),
  }
}

/** User code may put anything where an error's text belongs. */
function textOr(text: unknown, otherwise: string): string {
  return typeof text === 'string' ? text : otherwise
}

/** A record → an error that carries the same name, code, message, facts, stack and cause. */
export function errorFromRecord(record: ErrorRecord): AutomateError {
  const error = new AutomateError(record.code, record.message, {
    facts: record.facts,
    ...(record.cause === undefined ? {} : { cause: errorFromRecord(record.cause) }),
  })
  error.name = record.name
  error.stack = record.stack
  return error
}
