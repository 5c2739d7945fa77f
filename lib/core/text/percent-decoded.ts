/** Returns a text with its percent escapes decoded; undefined if a `%` begins no escape. */
export function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
