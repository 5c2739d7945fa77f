import { win32 } from 'node:path'

/** Windows' folder if `%SystemRoot%` is not set. */
const DEFAULT_ROOT = 'C:\\Windows'

/**
 * Returns the full path of a program of Windows. A bare name would be searched in the current
 * folder first, and another user may have put a program of that name there.
 */
export function system32(program: string, env: NodeJS.ProcessEnv = process.env): string {
  return win32.join(env['SystemRoot'] ?? DEFAULT_ROOT, 'System32', program)
}
