import { createHash } from 'node:crypto'
import type { CrashDocument } from '../worker/documents.ts'
import { PROGRAM, authorFrames, callsOf, isThrownByPage } from './stack-frame.ts'

/** Length of the hexadecimal key, at which no two causes share a key. */
const KEY_DIGITS = 24

/** Longest message. The first line, without numbers and ids, holds the rest of the information. */
const MESSAGE_LIMIT = 200

/** Begins the excerpt of the browser's output in the message of a failed start. */
export const BROWSER_OUTPUT = ' It said: '

/** Error names that a page cannot invent: those of the language and of browsers. */
const STANDARD_NAMES = new Set([
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError'],
  ...['URIError', 'DOMException', 'TimeoutError'],
])

/** The common root of failures. */
export interface RootCause {
  /** Appears in rows and file names. */
  readonly key: string
  /**
   * The first stack line of the author's own code, `readPrice (workflows/wine.ts:31)`; null if
   * there is none.
   */
  readonly frame: string | null
}

/**
 * Returns the root cause of a failure: the type of its error (for an error of a page only a
 * standard one) and the author's first stack frame, without numbers and ids. A failure without such
 * a frame (a killed process) is identified by its workflow, phase and message instead. `program` is
 * the folder of the program, with a separator at its end.
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
 * A hexadecimal id. The first characters must contain a digit, and the bounded lookahead limits the
 * search.
 */
const ID = /\b(?=[0-9a-f-]{0,40}\d)[0-9a-f]{4,}(?:-[0-9a-f]+)*\b/gi

/**
 * Returns the first line up to the excerpt of the browser's output, because that output differs at
 * each start.
 */
function firstLine(message: string): string {
  const [line = ''] = message.split('\n', 1)
  return line.split(BROWSER_OUTPUT, 1)[0] ?? ''
}

/** Replaces hexadecimal ids and numbers, which differ between workers, with "#". */
function withoutNumbers(text: string): string {
  return text.replace(ID, '#').replace(/\d+/g, '#')
}
