import { setFlagsFromString } from 'node:v8'
import { messageOf } from '../errors/errors.ts'

export type Compiled =
  { readonly ok: true; readonly expression: RegExp } | { readonly ok: false; readonly problem: string }

/**
 * Regular expression flag of V8. An expression with this flag runs in linear time, or does not
 * compile.
 */
const LINEAR = 'l'

const CLASS = /\[(?:\\.|[^\]\\])*(?:\]|\\?$)/gs
const ESCAPED = /\\[^1-9k]/gs
/**
 * Matches the start of a repetition, a group or a back reference. With any of these, backtracking
 * can take superlinear time.
 */
const BACKTRACKS = /[*+?{(\\]/

/** Enables V8's linear-time engine, for expressions with the flag only. */
const enableLinearEngine = () => setFlagsFromString('--enable-experimental-regexp-engine')

/**
 * Compiles a regular expression that a person typed, so that matching takes linear time.
 * Expressions that V8 cannot run in linear time (back references, look-around, large counts) are
 * refused, because one like `(a+)+$` could block the process for years. V8's linear-time engine is
 * experimental. In a Node without it, only expressions that never backtrack are accepted.
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
