import { setFlagsFromString } from 'node:v8'
import { messageOf } from './errors.ts'

export type Compiled =
  { readonly ok: true; readonly expression: RegExp } | { readonly ok: false; readonly problem: string }

/** V8's own flag: an expression that must run in linear time, or not at all. */
const LINEAR = 'l'

/**
 * Compiles a regular expression that somebody typed. Its time grows with the text alone: what V8 cannot run so (back
 * references, look-around, huge counts) is refused, since `(a+)+$` and its like would hold up the process for years.
 */
export function compileLinear(source: string): Compiled {
  // The flag only lets expressions ask for the linear engine; all others run as before.
  setFlagsFromString('--enable-experimental-regexp-engine')
  try {
    return { ok: true, expression: new RegExp(source, LINEAR) }
  } catch (error) {
    return { ok: false, problem: messageOf(error).replace(/^Invalid regular expression: .*: /s, '') }
  }
}
