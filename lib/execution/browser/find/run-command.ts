import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import { systemClock } from '../../../core/time/clock.ts'
import { AutomateError } from '../../../core/errors/errors.ts'
import { READ_BEYOND_CUT, knownSecrets } from '../../../core/secrets/known-secrets.ts'

export interface CommandLimits {
  /** Time limit of the whole command. */
  readonly totalMs: number
  /** Longest time without output of the command; unlimited if omitted. */
  readonly silenceMs?: number
  readonly env?: Readonly<Record<string, string>>
  /**
   * Signal that ends a command at a limit: SIGTERM if an abrupt end would leave damage (dpkg);
   * SIGKILL by default.
   */
  readonly endWith?: 'SIGTERM' | 'SIGKILL'
  readonly onLine?: (line: string) => void
}

/** Maximum length of the end of a failed command's output in an error, in UTF-16 code units. */
const LAST_WORDS = 400

/**
 * Runs a command to its end, without a terminal and without input.
 * @throws `environment-unfit` with the end of the command's output if it fails, cannot start, or
 * exceeds a limit.
 */
export function runCommand(command: string, args: readonly string[], limits: CommandLimits): Promise<void> {
  const name = [command, ...args.slice(0, 1)].map(part => basename(part)).join(' ')
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...limits.env },
      windowsHide: true,
    })
    let words = ''
    let broken: string | undefined
    const end = (reason: string) => {
      broken = reason
      child.kill(limits.endWith ?? 'SIGKILL')
    }
    const forgetTotal = systemClock.after(limits.totalMs, () => end(`took more than ${limits.totalMs} ms`))
    let forgetSilence = () => {}
    const onOutput = () => {
      forgetSilence()
      const { silenceMs } = limits
      if (silenceMs === undefined) return
      forgetSilence = systemClock.after(silenceMs, () => end(`made no progress for ${silenceMs} ms`))
    }
    const done = (problem?: string) => {
      forgetTotal()
      forgetSilence()
      if (problem === undefined) resolve()
      else reject(new AutomateError('environment-unfit', `${name} ${problem}`))
    }
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        onOutput()
        words = (words + text).slice(-LAST_WORDS - READ_BEYOND_CUT)
        for (const line of text.split('\n')) if (line.trim() !== '') limits.onLine?.(line.trim())
      })
    }
    onOutput()
    child.once('error', error => done(`cannot start: ${error.message}`))
    child.once('close', (code, signal) => {
      if (broken !== undefined) done(broken)
      else if (code === 0) done()
      else done(`failed (${signal ?? `exit code ${code}`}): ${knownSecrets.tail(words.trim(), LAST_WORDS)}`)
    })
  })
}
