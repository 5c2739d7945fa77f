/**
 * Matches characters that JSON does not escape and that a terminal obeys or hides: DEL and the
 * controls of C1 (JSON escapes C0), marks for the direction of text, line separators, and
 * characters without a width.
 */
const OBEYED =
  /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g

/**
 * Returns a value as JSON that is safe on a terminal: the same value, with such characters as
 * `\uXXXX`.
 */
export function terminalJson(value: unknown, space?: number): string {
  return JSON.stringify(value, null, space).replace(
    OBEYED,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
