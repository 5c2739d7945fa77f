import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import { PROGRAM } from './compiled.ts'

/** Compiled program on a project, without screens. */
export interface RunningProgram {
  /** Resolves after the expected exit. Rejects with `worker-exit` after any other. */
  readonly ended: Promise<void>
  /** Asks the program to stop after its running jobs, and waits for its end. */
  stop(): Promise<void>
  /** Suspends the program until `thaw`. Not on Windows. */
  freeze(): void
  thaw(): void
}

/**
 * Starts `automate-tui --no-tui` in the project, with more flags. `exitCode` is its expected exit
 * code: 1 if jobs are expected to fail.
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
