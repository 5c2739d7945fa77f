/** A setting that is written as JSON in the environment → what it says; undefined when it is none. What the file has is no text, and stays as it is. */
export function fromJsonText(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    const parsed: unknown = JSON.parse(value)
    return parsed
  } catch {
    return undefined
  }
}
