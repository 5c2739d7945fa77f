import { fileURLToPath } from 'node:url'

/** The folder of the program: a checkout, or an installed package, which stands in somebody's `node_modules` and has its modules in `dist/`. */
export const PROGRAM = fileURLToPath(new URL('../../..', import.meta.url)).replace(/dist[\\/]$/, '')

/** Its own modules, beneath that, as they are or as source maps name them. What it ships written against its public API (the demo's workflows) is an author's; so are projects within a checkout. */
const OF_THE_PROGRAM =
  /^(?:dist[\\/](?!lib[\\/]demo[\\/]workflows[\\/])|(?:bin|lib|screens)[\\/](?!demo[\\/]workflows[\\/]))/

const OF_A_PACKAGE = /(?:^|[\\/])node_modules[\\/]/

/** A line of a stack that stands for a call of the author's own code. */
interface AuthorFrame {
  /** Null for what most phases are: a function without a name. */
  readonly name: string | null
  /** `workflows/wine.ts:31` */
  readonly place: string
}

/**
 * The frame in which puppeteer-core 25 makes an error of what a function in a page threw: not awaited there,
 * unlike the errors of the protocol that pass through it.
 */
const MADE_OF_PAGE_ERROR = /^[ \t]*at (?:[^\s.]+\.)?#evaluate \(/m

/** `    at async readPrice (file:///shop/workflows/wine.ts?v=3:31:9)`, with or without a name. */
const FRAME =
  /^\s*at (?:async )?(?:(?<name>.+?) \()?(?<file>(?:file:\/\/)?(?:[A-Za-z]:[\\/]|\/)[^()]*?):(?<line>\d+):\d+\)?$/

/** The call that a line of a stack stands for; null where it stands for none, or for one that is not the author's. */
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
 * Returns the lines of a stack behind its message: a page may have written lines of the message that look like calls.
 * Where the message does not stand in the stack, a line counts as a call only if all lines below it are calls.
 */
export function callsOf(stack: string, message: string): readonly string[] {
  const rest = behindMessage(stack, message)
  if (rest !== null) return rest.split('\n').slice(1)
  const lines = stack.split('\n')
  return lines.slice(lines.findLastIndex(line => !CALL.test(line)) + 1)
}

/** Null where the message does not stand in the stack: it was given to the error later, or was cut. */
function behindMessage(stack: string, message: string): string | null {
  const start = stack.indexOf(`${message}\n`)
  if (start !== -1) return stack.slice(start + message.length)
  return stack.endsWith(message) ? '' : null
}

/**
 * Returns, for each of the calls of a stack, the call of the author that it stands for. Of an error that a page threw
 * only the awaited calls behind `#evaluate` count: the page names the scripts and functions of all others. A second
 * `#evaluate` is one that the page wrote.
 */
export function authorFrames(calls: readonly string[], program = PROGRAM): readonly (AuthorFrame | null)[] {
  const made = calls.flatMap((line, index) => (MADE_OF_PAGE_ERROR.test(line) ? [index] : []))
  const [first = -1, second] = made
  const isOfPage = (line: string, index: number): boolean =>
    first !== -1 && (second !== undefined || index <= first || !AWAITED.test(line))
  return calls.map((line, index) => (isOfPage(line, index) ? null : authorFrame(line, program)))
}

/** Returns true for an error that a page threw: its name and its message are the page's. */
export function isThrownByPage(stack: string, message: string): boolean {
  return MADE_OF_PAGE_ERROR.test(behindMessage(stack, message) ?? stack)
}

/** Folder of the library that drives browsers, wherever it is installed. */
const OF_THE_LIBRARY = /[\\/]node_modules[\\/]puppeteer(?:-core)?[\\/]/

/** End of a call that stands in no file, or in Node itself. */
const WITHOUT_FILE = /\((?:<anonymous>|native|index \d+|node:[^()\s]*)\)$|^\s*at (?:async )?node:\S*$/

/** Returns true for an error that the browser's library made: the first call in a file is the library's. */
export function isMadeByLibrary(stack: string, message: string): boolean {
  const first = callsOf(stack, message).find(line => CALL.test(line) && !WITHOUT_FILE.test(line))
  return first !== undefined && OF_THE_LIBRARY.test(first)
}

/** Returns a stack without the calls that are not the author's, and how many those were; whole where all of them would go. */
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

/** All calls that lead to one that was awaited. */
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
    // An address of another system, in a report that came from there.
    return file
  }
}
