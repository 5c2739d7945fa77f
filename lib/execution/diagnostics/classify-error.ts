import { z } from 'zod'
import { browserErrorKind } from '../../authoring/browser-errors.ts'
import { toJson } from '../../authoring/results.ts'
import { ERROR_CODES } from '../../core/errors/error-codes.ts'
import type { ErrorCode } from '../../core/errors/error-codes.ts'
import { AutomateError, causesOf, isAutomateError, messageOf } from '../../core/errors/errors.ts'
import { cutForRedaction } from '../../core/text/redact.ts'
import { Recovery } from '../../model/failure/error-record.ts'
import { JsonValue } from '../../model/json.ts'
import { formatPhase } from '../../model/job/phase.ts'
import type { PhasePosition } from '../../model/job/phase.ts'
import { callsOf } from '../../model/failure/stack-frame.ts'
import { MESSAGE_LIMIT } from '../../model/failure/error-text.ts'

/**
 * Known error codes. The fields of an error are checked here even if it has the brand of
 * `AutomateError`, because the error may come from another version of this package, or from the
 * author's plain JavaScript.
 */
const Code = z.enum(ERROR_CODES)
const Facts = z.record(z.string(), JsonValue)

/**
 * Converts a phase's thrown value into an error of this package with its code and recovery, and
 * with the phase and step in its facts. An error of the browser's library gets the name of its
 * kind.
 */
export function classifyError(thrown: unknown, phase: PhasePosition | null): AutomateError {
  const where = phase === null ? {} : { phase: formatPhase(phase) }
  const error = isAutomateError(thrown) ? copyOf(thrown, where) : mapped(thrown, where)
  // A value without a stack must not get the frames of this conversion, which is not its origin.
  error.stack = [`${error.name}: ${error.message}`, ...framesOf(thrown)].join('\n')
  return error
}

function copyOf(thrown: AutomateError, where: Record<string, string>): AutomateError {
  const error = new AutomateError(Code.safeParse(thrown.code).data ?? 'unexpected', textOf(thrown), {
    facts: { ...Facts.safeParse(toJson(thrown.facts)).data, ...where },
    cause: thrown.cause,
    recovery: Recovery.safeParse(thrown.recovery).data,
  })
  error.name = thrown.name
  return error
}

function mapped(thrown: unknown, facts: Record<string, string>): AutomateError {
  const kind = browserErrorKind(thrown)
  // Some of puppeteer's messages begin with the name of another error.
  const message = textOf(thrown).replace(/^Error: /, '')
  const error = new AutomateError(kind?.code ?? 'unexpected', message, {
    facts,
    cause: thrown instanceof Error ? thrown.cause : undefined,
    recovery: kind?.recovery,
  })
  if (kind === undefined) error.name = thrown instanceof Error ? thrown.name : 'Error'
  return error
}

/**
 * Returns the message, shortened if necessary. A page can cause a message of any length, which
 * would push the frames out of the stack.
 */
const textOf = (thrown: unknown): string => cutForRedaction(messageOf(thrown), MESSAGE_LIMIT)

const framesOf = (thrown: unknown): readonly string[] =>
  thrown instanceof Error ? callsOf(String(thrown.stack), messageOf(thrown)) : []

/**
 * True if the error only means that the browser closed under a promise that is no longer awaited.
 */
export function isClosedTarget(thrown: unknown): boolean {
  return codeOf(thrown) === 'browser-crash'
}

/**
 * True if the page or the browser may be crashing. The error need not mention it, because the first
 * calls that fail in a crash do not.
 */
export function mayBeDeath(thrown: unknown): boolean {
  return isClosedTarget(thrown) || causesOf(thrown).some(cause => DYING.test(messageOf(cause)))
}

const DYING = /detached|context was destroyed|net::err_aborted/i

function codeOf(thrown: unknown): ErrorCode | undefined {
  return isAutomateError(thrown) ? thrown.code : browserErrorKind(thrown)?.code
}
