import { setFlagsFromString } from 'node:v8'
import { messageOf } from '../errors/errors.ts'

export type Compiled =
  { readonly ok: true; readonly expression: RegExp } | { readonly ok: false; readonly problem: string }

/** V8's own flag. An expression with it runs in linear time, or is refused. */
const LINEAR = 'l'

const CLASS = /\[(?:\\.|[^\]\\])*(?:\]|\\?$)/gs
const ESCAPED = /\\[^1-9k]/gs
/**
 * Matches repetitions, groups and back references. With any of them backtracking can take time that
 * grows faster than the text.
 */
const BACKTRACKS = /[*+?{(\\]/

/** Enables the linear engine for expressions with the flag. All others run as before. */
const enableLinearEngine = () => setFlagsFromString('--enable-experimental-regexp-engine')

/**
 * Compiles a regular expression that a person typed. Its time grows only with the text. Expressions
 * that V8 cannot run in linear time (back references, look-around, huge counts) are refused,
 * because `(a+)+$` and similar ones would block the process for years. The engine is an experiment
 * of V8. A Node without it accepts only expressions that never backtrack.
 */
export function compileSafeRegex(source: string, enable = enableLinearEngine): Compiled {
  enable()
  if (hasLinearEngine()) return compile(source, LINEAR)
  const compiled = compile(source, '')
  if (!compiled.ok || !BACKTRACKS.test(source.replace(CLASS, '').replace(ESCAPED, ''))) return compiled
  return {
    ok: false,
    problem: 'This version of Node cannot search safely with repetitions and groups. Omit * + ? { and (',
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
