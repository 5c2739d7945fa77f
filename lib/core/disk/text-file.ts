import { readFileSync } from 'node:fs'

/** Byte order mark of little-endian UTF-16, which PowerShell 5 writes. */
const UTF16_MARK = Buffer.from([0xff, 0xfe])

/**
 * Reads a text file that a person wrote, in UTF-8, or in little-endian UTF-16 with a byte order
 * mark. Removes the byte order mark, which editors on Windows also add to UTF-8.
 * @throws The system's error.
 */
export function readTextFile(path: string): string {
  const bytes = readFileSync(path)
  const encoding = bytes.subarray(0, UTF16_MARK.length).equals(UTF16_MARK) ? 'utf-16le' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}
