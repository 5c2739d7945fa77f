/**
 * Matches the characters that JSON does not escape and that a terminal interprets or hides: DEL and
 * the C1 controls (JSON escapes C0), bidirectional marks, line separators, and zero-width
 * characters.
 */
const OBEYED =
  /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g

/**
 * Returns a value as JSON that is safe to print on a terminal. The characters that a terminal would
 * interpret or hide are escaped as `\uXXXX`, so the parsed value is the same.
 */
export function terminalJson(value: unknown, space?: number): string {
  return JSON.stringify(value, null, space).replace(
    OBEYED,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
