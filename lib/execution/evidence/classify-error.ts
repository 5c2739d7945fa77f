import { AutomateError, isAutomateError, messageOf } from '../../core/errors.ts'
import type { ErrorCode } from '../../core/errors.ts'
import { formatPhase } from '../../domain/phase.ts'
import type { PhasePosition } from '../../domain/phase.ts'

/**
 * What the browser's library throws, by what its messages say: it has one class for all waits and none for most of the rest.
 * The first that fits counts.
 */
const KINDS: readonly (readonly [RegExp, ErrorCode])[] = [
  [
    /target closed|session closed|connection closed|targetcloseerror|browser has disconnected|page crashed/i,
    'browser-crash',
  ],
  [/net::err_|navigation timeout|navigating frame was detached|cannot navigate to invalid url/i, 'navigate'],
  [
    /waiting for selector|waiting for locator|no element found|failed to find element|not clickable|waiting failed|timed out after waiting/i,
    'element',
  ],
]

/** Anything a phase threw → an error of ours with its code, the phase and step in its facts, and the thrown one as its cause where it was another. */
export function classifyError(thrown: unknown, phase: PhasePosition | null): AutomateError {
  const facts = phase === null ? {} : { phase: formatPhase(phase) }
  if (isAutomateError(thrown)) {
    const error = new AutomateError(thrown.code, thrown.message, {
      facts: { ...thrown.facts, ...facts },
      cause: thrown.cause,
      recovery: thrown.recovery,
    })
    error.name = thrown.name
    if (thrown.stack !== undefined) error.stack = thrown.stack
    return error
  }
  const error = new AutomateError(codeOf(thrown), messageOf(thrown), {
    facts,
    cause: thrown instanceof Error ? thrown.cause : undefined,
  })
  if (thrown instanceof Error) {
    error.name = thrown.name
    if (thrown.stack !== undefined) error.stack = thrown.stack
  }
  return error
}

/** Tells whether the browser went away under a promise that nobody awaits any more. */
export function isClosedTarget(thrown: unknown): boolean {
  return codeOf(thrown) === 'browser-crash'
}

/** Tells whether the page or the browser may be dying: the first calls to fail then do not say so. */
export function mayBeDeath(thrown: unknown): boolean {
  return isClosedTarget(thrown) || /frame was detached|net::err_aborted/i.test(messageOf(thrown))
}

function codeOf(thrown: unknown): ErrorCode {
  if (isAutomateError(thrown)) return thrown.code
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : messageOf(thrown)
  return KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? 'unexpected'
}
