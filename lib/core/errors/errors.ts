/**
 * Errors of this program: a closed code, facts in fields, a cause, and a form that survives JSON. A
 * brand identifies them, because a worker, a workflow and the console may each load their own copy
 * of this module.
 */

import { constants } from 'node:os'
import { FAILURE_NAMES } from './error-codes.ts'
import type { ErrorCode } from './error-codes.ts'
import { DEFAULT_RECOVERY, sameRecovery } from './recovery.ts'
import type { Recovery } from './recovery.ts'

export type { ErrorCode } from './error-codes.ts'

const BRAND = Symbol.for('automate-tui.error')

/** A plain value that is the same after it has been written as JSON and parsed. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Facts about an error by name, for programs to read. */
export type ErrorFacts = Readonly<Record<string, Json>>

/**
 * Serialised form of an error in files, in messages and in the store. `stack` is the stack trace as
 * V8 formatted it.
 */
export interface ErrorRecord {
  readonly name: string
  readonly code: ErrorCode
  readonly message: string
  readonly stack: string
  readonly facts: ErrorFacts
  /** Absent if it is the default of the code, see `recoveryOf`. */
  readonly recovery?: Recovery
  readonly cause?: ErrorRecord
}

/** Fields of an error besides its code and message. */
export interface ErrorOptions {
  /** Facts for programs, as JSON. */
  readonly facts?: ErrorFacts
  /** Thrown value that caused the error. */
  readonly cause?: unknown
  /** Recovery from the error; the default of the code if absent. */
  readonly recovery?: Recovery | undefined
}

/**
 * An error of this program, and the base class of every failure. It has a code from a fixed list, a
 * message that states the problem and the remedy, and facts for programs. The `failure` in a
 * `recovery` function is always an `AutomateError`, whatever value was thrown. A value without a
 * code of its own gets the code `unexpected`.
 */
export class AutomateError extends Error {
  readonly [BRAND] = true
  /** Kind of the error, from a fixed list. */
  readonly code: ErrorCode
  /** Facts for programs, as JSON. */
  readonly facts: ErrorFacts
  /**
   * Recovery from this failure: the default of the code, unless the error or a workflow's rules set
   * another.
   */
  recovery: Recovery

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = FAILURE_NAMES[code] ?? 'AutomateError'
    this.code = code
    this.facts = options.facts ?? {}
    this.recovery = options.recovery ?? DEFAULT_RECOVERY[code]
  }
}

/** True if a value is an error of this program, whichever copy of this module made it. */
export function isAutomateError(value: unknown): value is AutomateError {
  return value instanceof Error && BRAND in value
}

export function errorCode(value: unknown): ErrorCode {
  return isAutomateError(value) ? value.code : 'unexpected'
}

/**
 * Returns the message of any thrown value. Some libraries throw strings (sql.js does), and some
 * throw undefined.
 */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return textOr(thrown.message, 'an error without a message was thrown')
  if (typeof thrown === 'string') return thrown === '' ? 'an empty string was thrown' : thrown
  if (typeof thrown === 'object' && thrown !== null) {
    return 'message' in thrown && typeof thrown.message === 'string'
      ? thrown.message
      : 'an object that is not an Error was thrown'
  }
  return typeof thrown === 'function' ? 'a function was thrown' : `${String(thrown)} was thrown`
}

/** Returns the code of a system error ("ENOENT"); undefined for any other value. */
export function systemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined
  // libuv has no name for an exceeded quota, so its code is "Unknown system error -122".
  if ('errno' in thrown && thrown.errno === QUOTA_USED_UP) return 'EDQUOT'
  return typeof thrown.code === 'string' ? thrown.code : undefined
}

/**
 * Error number of an exceeded disk quota as Node reports it: -122 on Linux, -69 on macOS. Windows
 * reports it with a code of its own.
 */
const QUOTA_USED_UP = -constants.errno.EDQUOT

/**
 * Maximum depth of a stored chain of causes. A longer chain adds no information, and may be
 * circular.
 */
const CAUSE_DEPTH = 5

/** Converts any thrown value to a record that survives JSON. */
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
    ...ownRecovery(error),
    ...(cause === undefined ? {} : { cause }),
  }
}

/**
 * Returns the recovery of an error if it differs from the default of its code. An error that an
 * older copy of this module created may have no recovery.
 */
function ownRecovery(error: Error): { recovery?: Recovery } {
  if (!isAutomateError(error) || !('recovery' in error)) return {}
  const { code, recovery } = error
  return sameRecovery(recovery, DEFAULT_RECOVERY[code]) ? {} : { recovery }
}

/**
 * Returns `text` if it is a string, and `otherwise` if not, because user code may set the name or
 * the message of an error to any value.
 */
function textOr(text: unknown, otherwise: string): string {
  return typeof text === 'string' ? text : otherwise
}

/** Returns a thrown value followed by its causes, outermost first, at most CAUSE_DEPTH causes. */
export function causesOf(thrown: unknown): unknown[] {
  const chain = [thrown]
  for (let last = thrown; last instanceof Error && last.cause !== undefined && chain.length <= CAUSE_DEPTH;) {
    last = last.cause
    chain.push(last)
  }
  return chain
}

/** Converts a record to an error with the same name, code, message, facts, stack and cause. */
export function errorFromRecord(record: ErrorRecord): AutomateError {
  const error = new AutomateError(record.code, record.message, {
    facts: record.facts,
    recovery: record.recovery,
    ...(record.cause === undefined ? {} : { cause: errorFromRecord(record.cause) }),
  })
  error.name = record.name
  error.stack = record.stack
  return error
}
