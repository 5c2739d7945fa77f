import { readFileSync } from 'node:fs'

/** First two bytes of UTF-16 text, as PowerShell 5 writes it. */
const UTF16_MARK = Buffer.from([0xff, 0xfe])

/**
 * Reads a text file that a person wrote, in UTF-8 or in UTF-16 with a byte order mark. Removes the
 * mark, which editors on Windows put before the text.
 * @throws The system's error.
 */
export function readTextFile(path: string): string {
  const bytes = readFileSync(path)
  const encoding = bytes.subarray(0, UTF16_MARK.length).equals(UTF16_MARK) ? 'utf-16le' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}
