/**
 * Parses a setting that is JSON text in the environment; undefined if the text is invalid. A value
 * of the file is not text and stays unchanged.
 */
export function fromJsonText(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    const parsed: unknown = JSON.parse(value)
    return parsed
  } catch {
    return undefined
  }
}
