/**
 * Parses a setting that is written as JSON text in the environment. Returns undefined if the text
 * is not valid JSON. A value from the configuration file is not text and is returned unchanged.
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
