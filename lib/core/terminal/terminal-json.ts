/**
 * What JSON leaves as it is, and a terminal obeys or hides: DEL and the controls of C1 (JSON escapes C0), marks that turn the direction of text, line separators, and what
 * has no width.
 */
const OBEYED =
  /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g

/** Returns a value as JSON in which a terminal finds nothing to obey: the same value, with such characters as `\uXXXX`. */
export function terminalJson(value: unknown, space?: number): string {
  return JSON.stringify(value, null, space).replace(
    OBEYED,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
