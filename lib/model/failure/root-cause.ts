import { createHash } from 'node:crypto'
import type { CrashDocument } from '../worker/documents.ts'
import { PROGRAM, authorFrames, callsOf, isThrownByPage } from './stack-frame.ts'

/** Hexadecimal; long enough that two causes never share one. */
const KEY_DIGITS = 24

/** A message whose numbers and ids are gone says the rest in its first line. */
const MESSAGE_LIMIT = 200

/** Begins the excerpt in the message of a browser that did not start. */
export const BROWSER_OUTPUT = ' It said: '

/** Names of errors that a page cannot invent: those of the language and of browsers. */
const STANDARD_NAMES = new Set([
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError'],
  ...['URIError', 'DOMException', 'TimeoutError'],
])

/** What failures have in common that have the same root. */
export interface RootCause {
  /** Stands in rows and file names. */
  readonly key: string
  /** The first line of the stack that is of the author's own code, `readPrice (workflows/wine.ts:31)`; null where there is none. */
  readonly frame: string | null
}

/**
 * The root cause of a failure: the type of its error (of an error of a page only a standard one) and the first frame of its stack that is the author's own, without numbers and ids. A failure without such a
 * frame (a process that was killed) is known by its workflow, its phase and its message instead. `program` is the folder of the program, with a separator at its end.
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

/** An id in hexadecimal. A digit stands within its first characters, and the search for one has an end. */
const ID = /\b(?=[0-9a-f-]{0,40}\d)[0-9a-f]{4,}(?:-[0-9a-f]+)*\b/gi

/** The first line, up to the excerpt of what a browser printed, which is different at each start. */
function firstLine(message: string): string {
  const [line = ''] = message.split('\n', 1)
  return line.split(BROWSER_OUTPUT, 1)[0] ?? ''
}

/** Ids in hexadecimal and numbers, which differ from worker to worker, become "#". */
function withoutNumbers(text: string): string {
  return text.replace(ID, '#').replace(/\d+/g, '#')
}
