/** Digits of a number that is exact in JavaScript. */
const WHOLE = /^-?\d{1,15}$/

/**
 * Returns the whole number in digits of a command line's text; undefined for another text, such as
 * `1e3` or `0x10`.
 */
export function parseWholeNumber(text: string): number | undefined {
  return WHOLE.test(text) ? Number(text) : undefined
}
