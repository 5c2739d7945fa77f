import { fileURLToPath } from 'node:url'

/**
 * Folder of the program, with a separator at its end. The program is a checkout, or a package
 * installed in a `node_modules` folder with its modules in `dist/`.
 */
export const PROGRAM = fileURLToPath(new URL('../../..', import.meta.url)).replace(/dist[\\/]$/, '')

/**
 * Matches the paths of the program's own modules below that folder, as files or under their
 * source-map names. The demo's workflows, which are written against the public API, and projects
 * within a checkout count as an author's code.
 */
const OF_THE_PROGRAM =
  /^(?:dist[\\/](?!lib[\\/]demo[\\/]workflows[\\/])|(?:bin|lib|screens)[\\/](?!demo[\\/]workflows[\\/]))/

const OF_A_PACKAGE = /(?:^|[\\/])node_modules[\\/]/

/** Call of the author's own code in a stack. */
interface AuthorFrame {
  /** Null for a function without a name. Most phases have none. */
  readonly name: string | null
  /** `workflows/wine.ts:31` */
  readonly place: string
}

/**
 * Matches the frame in which puppeteer-core 25 creates an error of its own for an error that a
 * function in the page threw. The frame is not `async` there, unlike in a protocol error that
 * passes through it.
 */
const MADE_OF_PAGE_ERROR = /^[ \t]*at (?:[^\s.]+\.)?#evaluate \(/m

/**
 * Matches ` at async readPrice (file:///shop/workflows/wine.ts?v=3:31:9)`, with or without a
 * function name.
 */
const FRAME =
  /^\s*at (?:async )?(?:(?<name>.+?) \()?(?<file>(?:file:\/\/)?(?:[A-Za-z]:[\\/]|\/)[^()]*?):(?<line>\d+):\d+\)?$/

/** Returns the call on a line of a stack if it is in the author's code; null otherwise. */
export function authorFrame(text: string, program = PROGRAM): AuthorFrame | null {
  const { name, file, line } = FRAME.exec(text)?.groups ?? {}
  if (file === undefined || line === undefined) return null
  const [withoutQuery = ''] = file.split('?', 1)
  const path = pathOf(withoutQuery)
  if (!isAuthors(path, program)) return null
  const place = `${path.split(/[\\/]/).slice(-2).join('/')}:${line}`
  return { name: name === undefined || name.endsWith('<anonymous>') ? null : name, place }
}

/**
 * Returns the lines of a stack that are calls: the lines after the message. A page may have written
 * lines that look like calls into the message. If the stack does not contain the message, only the
 * lines after the last line that is not a call are returned.
 */
export function callsOf(stack: string, message: string): readonly string[] {
  const rest = behindMessage(stack, message)
  if (rest !== null) return rest.split('\n').slice(1)
  const lines = stack.split('\n')
  return lines.slice(lines.findLastIndex(line => !CALL.test(line)) + 1)
}

/**
 * Returns the part of a stack after the message; null if the stack does not contain the message,
 * because the message was changed later or was cut.
 */
function behindMessage(stack: string, message: string): string | null {
  const start = stack.indexOf(`${message}\n`)
  if (start !== -1) return stack.slice(start + message.length)
  return stack.endsWith(message) ? '' : null
}

/**
 * Returns for each call of a stack the call itself if it is in the author's code, else null. If a
 * page threw the error, only the `async` calls after `#evaluate` count, because the page chooses
 * the names of scripts and functions in all other calls. If there is a second `#evaluate`, the page
 * wrote one of them, and no call counts.
 */
export function authorFrames(calls: readonly string[], program = PROGRAM): readonly (AuthorFrame | null)[] {
  const made = calls.flatMap((line, index) => (MADE_OF_PAGE_ERROR.test(line) ? [index] : []))
  const [first = -1, second] = made
  const isOfPage = (line: string, index: number): boolean =>
    first !== -1 && (second !== undefined || index <= first || !AWAITED.test(line))
  return calls.map((line, index) => (isOfPage(line, index) ? null : authorFrame(line, program)))
}

/** True for an error that a page threw, because its name and message are the page's. */
export function isThrownByPage(stack: string, message: string): boolean {
  return MADE_OF_PAGE_ERROR.test(behindMessage(stack, message) ?? stack)
}

/** Matches the folder of puppeteer, wherever it is installed. */
const OF_THE_LIBRARY = /[\\/]node_modules[\\/]puppeteer(?:-core)?[\\/]/

/** Matches a call without a file, or in Node itself. */
const WITHOUT_FILE = /\((?:<anonymous>|native|index \d+|node:[^()\s]*)\)$|^\s*at (?:async )?node:\S*$/

/** True if puppeteer created the error: the first call that is in a file is in puppeteer's code. */
export function isMadeByLibrary(stack: string, message: string): boolean {
  const first = callsOf(stack, message).find(line => CALL.test(line) && !WITHOUT_FILE.test(line))
  return first !== undefined && OF_THE_LIBRARY.test(first)
}

/**
 * Returns a stack with only the calls in the author's code, and the number of calls that were
 * removed. If no call is in the author's code, the whole stack is returned.
 */
export function authorStack(
  stack: string,
  message: string,
  program = PROGRAM,
): { readonly text: string; readonly others: number } {
  const lines = stack.split('\n')
  const calls = callsOf(stack, message)
  const frames = authorFrames(calls, program)
  if (frames.every(frame => frame === null)) return { text: stack, others: 0 }
  const kept = calls.filter((line, index) => !CALL.test(line) || frames[index] !== null)
  const head = lines.slice(0, lines.length - calls.length)
  return { text: [...head, ...kept].join('\n'), others: calls.length - kept.length }
}

const CALL = /^\s*at /

/** Matches an `async` call. */
const AWAITED = /^\s*at async /

function isAuthors(path: string, program: string): boolean {
  if (!path.startsWith(program)) return !OF_A_PACKAGE.test(path)
  const within = path.slice(program.length)
  return !OF_A_PACKAGE.test(within) && !OF_THE_PROGRAM.test(within)
}

function pathOf(file: string): string {
  try {
    return file.startsWith('file://') ? fileURLToPath(file) : file
  } catch {
    // The report comes from another operating system, so its address has no path here.
    return file
  }
}
