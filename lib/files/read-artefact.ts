import { closeSync, fstatSync, lstatSync, openSync, readFileSync, realpathSync } from 'node:fs'
import { join, sep } from 'node:path'

/** First bytes of the image formats that the program uses: PNG and JPEG. */
const PICTURES = ['89504e470d0a1a0a', 'ffd8ff'].map(hex => Buffer.from(hex, 'hex'))

interface Wanted {
  /** Maximum size in bytes. A larger file is not read. */
  readonly limit?: number
}

/**
 * Reads a file that a crash report names by its path in the project. The report may come from a
 * foreign database or document. Therefore only a regular file whose real path is in the log folder
 * is read. Returns undefined for any other path, and for a file that was removed or cannot be read.
 */
export function readArtefact(
  root: string,
  path: string,
  { limit = Infinity }: Wanted = {},
): Buffer | undefined {
  try {
    const file = realpathSync(join(root, path))
    if (!file.startsWith(realpathSync(join(root, 'logs')) + sep)) return undefined
    // Opening a named pipe would block.
    if (!lstatSync(file).isFile()) return undefined
    const opened = openSync(file, 'r')
    try {
      const found = fstatSync(opened)
      return found.isFile() && found.size <= limit ? readFileSync(opened) : undefined
    } finally {
      closeSync(opened)
    }
  } catch {
    return undefined
  }
}

/**
 * Reads an artefact as `readArtefact` does. Returns undefined if its first bytes are not those of a
 * picture.
 */
export function readPicture(root: string, path: string, wanted: Wanted = {}): Buffer | undefined {
  const bytes = readArtefact(root, path, wanted)
  return bytes !== undefined && PICTURES.some(start => bytes.subarray(0, start.length).equals(start))
    ? bytes
    : undefined
}
