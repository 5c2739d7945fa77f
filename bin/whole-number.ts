/** Matches a whole number with so few digits that JavaScript represents it exactly. */
const WHOLE = /^-?\d{1,15}$/

/**
 * Parses a whole number in decimal digits; undefined for any other text, such as `1e3` or `0x10`.
 */
export function parseWholeNumber(text: string): number | undefined {
  return WHOLE.test(text) ? Number(text) : undefined
}
