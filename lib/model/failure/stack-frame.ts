import { fileURLToPath } from 'node:url'

/**
 * The folder of the program: a checkout, or a package installed in a `node_modules` folder with its
 * modules in `dist/`.
 */
export const PROGRAM = fileURLToPath(new URL('../../..', import.meta.url)).replace(/dist[\\/]$/, '')

/**
 * The program's own modules below that folder, under their paths or their source-map names. Modules
 * written against the public API (the demo's workflows) and projects within a checkout count as an
 * author's.
 */
const OF_THE_PROGRAM =
  /^(?:dist[\\/](?!lib[\\/]demo[\\/]workflows[\\/])|(?:bin|lib|screens)[\\/](?!demo[\\/]workflows[\\/]))/

const OF_A_PACKAGE = /(?:^|[\\/])node_modules[\\/]/

/** A stack line that represents a call of the author's own code. */
interface AuthorFrame {
  /** Null for a function without a name, as most phases are. */
  readonly name: string | null
  /** `workflows/wine.ts:31` */
  readonly place: string
}

/**
 * The frame in which puppeteer-core 25 makes its own error of an error that a function in a page
 * threw. The frame is not awaited there, unlike in protocol errors that pass through the frame.
 */
const MADE_OF_PAGE_ERROR = /^[ \t]*at (?:[^\s.]+\.)?#evaluate \(/m

/** `    at async readPrice (file:///shop/workflows/wine.ts?v=3:31:9)`, with or without a name. */
const FRAME =
  /^\s*at (?:async )?(?:(?<name>.+?) \()?(?<file>(?:file:\/\/)?(?:[A-Za-z]:[\\/]|\/)[^()]*?):(?<line>\d+):\d+\)?$/

/** Returns the author's call on a stack line, or null if the line has none. */
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
 * Returns the lines of a stack after its message, because a page may have written message lines
 * that look like calls. If the stack does not contain the message, a line counts as a call only if
 * all lines below it are calls.
 */
export function callsOf(stack: string, message: string): readonly string[] {
  const rest = behindMessage(stack, message)
  if (rest !== null) return rest.split('\n').slice(1)
  const lines = stack.split('\n')
  return lines.slice(lines.findLastIndex(line => !CALL.test(line)) + 1)
}

/**
 * Returns the text after the message, or null if the stack does not contain the message because the
 * message was set later or was cut.
 */
function behindMessage(stack: string, message: string): string | null {
  const start = stack.indexOf(`${message}\n`)
  if (start !== -1) return stack.slice(start + message.length)
  return stack.endsWith(message) ? '' : null
}

/**
 * Returns the author's call for each call of a stack. For an error that a page threw, only the
 * awaited calls after `#evaluate` count, because the page names the scripts and functions of all
 * others. A second `#evaluate` was written by the page.
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

/** Folder of the library that drives browsers, independent of its place. */
const OF_THE_LIBRARY = /[\\/]node_modules[\\/]puppeteer(?:-core)?[\\/]/

/** End of a call that has no file, or is in Node itself. */
const WITHOUT_FILE = /\((?:<anonymous>|native|index \d+|node:[^()\s]*)\)$|^\s*at (?:async )?node:\S*$/

/** True for an error that the browser's library made: the first call in a file is the library's. */
export function isMadeByLibrary(stack: string, message: string): boolean {
  const first = callsOf(stack, message).find(line => CALL.test(line) && !WITHOUT_FILE.test(line))
  return first !== undefined && OF_THE_LIBRARY.test(first)
}

/**
 * Returns a stack without the calls that are not the author's, and the number of removed calls. If
 * no call is the author's, the stack is returned whole.
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

/** Matches the calls that lead to an awaited call. */
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
    // The report came from another system, so the address is foreign.
    return file
  }
}
