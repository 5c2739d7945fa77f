import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { CrashDocument } from './documents.ts'

/** The folder of the program: a checkout, or an installed package, which stands in somebody's `node_modules` and has its modules in `dist/`. */
const PROGRAM = fileURLToPath(new URL('../..', import.meta.url)).replace(/dist[\\/]$/, '')

/** Its own modules, beneath that, as they are or as source maps name them. What it ships written against its public API (the demo's workflows) is an author's; so are projects within a checkout. */
const OF_THE_PROGRAM = /^(?:dist[\\/](?!lib[\\/]workflows[\\/])|(?:bin|lib|screens)[\\/](?!workflows[\\/]))/

const OF_A_PACKAGE = /(?:^|[\\/])node_modules[\\/]/

/** Hexadecimal; long enough that two causes never share one. */
const KEY_DIGITS = 24

/** A message whose numbers and ids are gone says the rest in its first line. */
const MESSAGE_LIMIT = 200

/** What failures have in common that have the same root. */
export interface Cause {
  /** Stands in rows and file names. */
  readonly key: string
  /** The first line of the stack that is of the author's own code, `readPrice (workflows/wine.ts:31)`; null where there is none. */
  readonly frame: string | null
}

/**
 * The root cause of a failure: the type of its error and the first frame of its stack that is the author's own, without numbers and ids. A failure without such a
 * frame (a process that was killed) is known by its workflow, its phase and its message instead. `program` is the folder of the program, with a separator at its end.
 */
export function causeOf(
  { error, phase, workflow }: Pick<CrashDocument, 'error' | 'phase' | 'workflow'>,
  program = PROGRAM,
): Cause {
  const frame = firstOwnFrame(error.stack, program)
  const place =
    frame === null
      ? [
          workflow,
          phase?.name ?? '',
          withoutNumbers(error.message.split('\n', 1)[0] ?? '').slice(0, MESSAGE_LIMIT),
        ]
      : [withoutNumbers(frame.replace(/:\d+\)?$/, ''))]
  const text = JSON.stringify([error.name, error.code, ...place])
  return { key: createHash('sha256').update(text).digest('hex').slice(0, KEY_DIGITS), frame }
}

/** `    at async readPrice (file:///shop/workflows/wine.ts?v=3:31:9)`, with or without a name. */
const FRAME =
  /^\s*at (?:async )?(?:(?<name>.+?) \()?(?<file>(?:file:\/\/)?(?:[A-Za-z]:[\\/]|\/)[^()]*?):(?<line>\d+):\d+\)?$/

function firstOwnFrame(stack: string, program: string): string | null {
  for (const text of stack.split('\n')) {
    const { name, file, line } = FRAME.exec(text)?.groups ?? {}
    if (file === undefined || line === undefined) continue
    const path = pathOf(file.replace(/\?.*$/, ''))
    if (!isAuthors(path, program)) continue
    const place = `${path.split(/[\\/]/).slice(-2).join('/')}:${line}`
    // What most phases are: a function without a name.
    return name === undefined || name.endsWith('<anonymous>') ? place : `${name} (${place})`
  }
  return null
}

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

/** Ids in hexadecimal and numbers, which differ from worker to worker, become "#". */
function withoutNumbers(text: string): string {
  return text.replace(/\b(?=[0-9a-f-]*\d)[0-9a-f]{4,}(?:-[0-9a-f]+)*\b/gi, '#').replace(/\d+/g, '#')
}
