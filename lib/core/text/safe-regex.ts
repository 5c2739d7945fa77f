import { setFlagsFromString } from 'node:v8'
import { messageOf } from '../errors/errors.ts'

export type Compiled =
  { readonly ok: true; readonly expression: RegExp } | { readonly ok: false; readonly problem: string }

/** V8's own flag: an expression that must run in linear time, or not at all. */
const LINEAR = 'l'

const CLASS = /\[(?:\\.|[^\]\\])*(?:\]|\\?$)/gs
const ESCAPED = /\\[^1-9k]/gs
/** Repetitions, groups and back references: with any of them backtracking can take time that does not grow with the text alone. */
const BACKTRACKS = /[*+?{(\\]/

/** The flag only lets expressions ask for the linear engine; all others run as before. */
const enableLinearEngine = () => setFlagsFromString('--enable-experimental-regexp-engine')

/**
 * Compiles a regular expression that somebody typed. Its time grows with the text alone: what V8 cannot run so (back
 * references, look-around, huge counts) is refused, since `(a+)+$` and its like would hold up the process for years.
 * The engine is an experiment of V8. In a Node without it only expressions are accepted that never backtrack.
 */
export function compileSafeRegex(source: string, enable = enableLinearEngine): Compiled {
  enable()
  if (hasLinearEngine()) return compile(source, LINEAR)
  const compiled = compile(source, '')
  if (!compiled.ok || !BACKTRACKS.test(source.replace(CLASS, '').replace(ESCAPED, ''))) return compiled
  return {
    ok: false,
    problem: 'This Node cannot search safely for repetitions and groups. Leave out * + ? { and (',
  }
}

function hasLinearEngine(): boolean {
  return compile('', LINEAR).ok
}

function compile(source: string, flags: string): Compiled {
  try {
    return { ok: true, expression: new RegExp(source, flags) }
  } catch (error) {
    return { ok: false, problem: messageOf(error).replace(/^Invalid regular expression: .*: /s, '') }
  }
}
