import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import { PROGRAM } from './compiled.ts'

/** The compiled program on a project, without screens. */
export interface RunningProgram {
  /**
   * Resolves when it has ended in good order. Thrown with code `worker-exit` when it ended
   * otherwise.
   */
  readonly ended: Promise<void>
  /** Asks it to stop once what runs has ended, and waits for that. */
  stop(): Promise<void>
  /** Stops it where it stands, and lets it go on. Not on Windows. */
  freeze(): void
  thaw(): void
}

/**
 * Starts `automate-tui --no-tui` in the project, with more flags. `exitCode` is that of its good
 * end: 1 where jobs are to fail.
 */
export function startProgram(
  root: string,
  { flags = [], exitCode = 0 }: { readonly flags?: readonly string[]; readonly exitCode?: 0 | 1 } = {},
): RunningProgram {
  const child = spawn(process.execPath, [PROGRAM, '--root', root, '--no-tui', ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(child, 'exit').then(([code]: unknown[]) => {
    if (code !== exitCode)
      throw new AutomateError('worker-exit', `automate-tui ended with exit code ${String(code)}.`)
  })
  ended.catch(() => undefined)
  return {
    ended,
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  }
}
