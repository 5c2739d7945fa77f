import { execFile } from 'node:child_process'
import { systemCode } from '../../core/errors/errors.ts'

/** Default timeout of a system command. */
export const PATIENCE_MS = 60_000

export interface CommandEnd {
  /** Exit code; null if the program could not be started or was killed. */
  readonly code: number | null
  readonly missing: boolean
  readonly output: string
}

/**
 * Runs a program of the system, without a shell and with its arguments unchanged. Kills the program
 * after `patienceMs`. Never rejects.
 */
export function systemCommand(
  program: string,
  args: readonly string[],
  patienceMs = PATIENCE_MS,
): Promise<CommandEnd> {
  return new Promise(resolve => {
    const child = execFile(
      program,
      args,
      { timeout: patienceMs, windowsHide: true },
      (error, stdout, stderr) =>
        resolve({
          code: child.exitCode,
          missing: systemCode(error) === 'ENOENT',
          output: `${stdout}${stderr}`.trim(),
        }),
    )
  })
}
