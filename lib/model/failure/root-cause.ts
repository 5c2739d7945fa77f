import { createHash } from 'node:crypto'
import type { CrashDocument } from '../worker/documents.ts'
import { PROGRAM, authorFrames, callsOf, isThrownByPage } from './stack-frame.ts'

/**
 * Length of a key in hexadecimal digits. It is long enough that no two root causes have the same
 * key.
 */
const KEY_DIGITS = 24

/**
 * Maximum length of the message that identifies a root cause, in characters. Only its first line is
 * used, without numbers and ids.
 */
const MESSAGE_LIMIT = 200

/**
 * Text before the excerpt of the browser's output, in the message of an error about a browser that
 * did not start.
 */
export const BROWSER_OUTPUT = ' It said: '

/** Names of the errors of JavaScript and of browsers. A page can choose any other name. */
const STANDARD_NAMES = new Set([
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError'],
  ...['URIError', 'DOMException', 'TimeoutError'],
])

/** Root cause that failures have in common. */
export interface RootCause {
  /** Identifies the root cause in rows and file names. */
  readonly key: string
  /**
   * The first call in the author's own code, `readPrice (workflows/wine.ts:31)`; null if the stack
   * has none.
   */
  readonly frame: string | null
}

/**
 * Returns the root cause of a failure. It is identified by the error's name and code and by the
 * first call in the author's own code, without numbers and ids. If the stack has no such call, as
 * for a killed process, the workflow, the phase and the message are used in place of the call. If a
 * page threw the error, a name that is not a standard name is ignored. `program` is the folder of
 * the program, with a separator at its end.
 */
export function rootCauseOf(
  { error, phase, workflow }: Pick<CrashDocument, 'error' | 'phase' | 'workflow'>,
  program = PROGRAM,
): RootCause {
  const frame = firstOwnFrame(error, program)
  const place =
    frame === null
      ? [workflow, phase?.name ?? '', withoutNumbers(firstLine(error.message)).slice(0, MESSAGE_LIMIT)]
      : [withoutNumbers(frame.replace(/:\d+\)?$/, ''))]
  const name =
    isThrownByPage(error.stack, error.message) && !STANDARD_NAMES.has(error.name) ? 'Error' : error.name
  const text = JSON.stringify([name, error.code, ...place])
  return { key: createHash('sha256').update(text).digest('hex').slice(0, KEY_DIGITS), frame }
}

function firstOwnFrame({ stack, message }: CrashDocument['error'], program: string): string | null {
  const frame = authorFrames(callsOf(stack, message), program).find(one => one !== null)
  if (frame === undefined) return null
  return frame.name === null ? frame.place : `${frame.name} (${frame.place})`
}

/**
 * Matches a hexadecimal id. One of its first characters must be a digit. The lookahead for the
 * digit is bounded, so that the search is fast.
 */
const ID = /\b(?=[0-9a-f-]{0,40}\d)[0-9a-f]{4,}(?:-[0-9a-f]+)*\b/gi

/**
 * Returns the first line of a message, without the excerpt of the browser's output, because that
 * output differs at each start.
 */
function firstLine(message: string): string {
  const [line = ''] = message.split('\n', 1)
  return line.split(BROWSER_OUTPUT, 1)[0] ?? ''
}

/** Replaces hexadecimal ids and numbers, which differ between workers, with "#". */
function withoutNumbers(text: string): string {
  return text.replace(ID, '#').replace(/\d+/g, '#')
}
