import { win32 } from 'node:path'

/** Folder of Windows if `%SystemRoot%` is not set. */
const DEFAULT_ROOT = 'C:\\Windows'

/**
 * Returns the full path of a program in Windows' `System32` folder. A bare name would be looked up
 * in the current folder first, where another user may have put a program of that name.
 */
export function system32(program: string, env: NodeJS.ProcessEnv = process.env): string {
  return win32.join(env['SystemRoot'] ?? DEFAULT_ROOT, 'System32', program)
}
