import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type { Test } from 'tap'
import { z } from 'zod'
import { sameProcessAlive } from '../../../lib/platform/process/process-identity.ts'
import { processTreeOf } from '../processes/process-tree.ts'
import { PROGRAM } from './built-program.ts'
import { until } from '../until.ts'

/** Schema of a JSON line. Every line has an `event`, and the other fields are not checked. */
const JsonLine = z.looseObject({ event: z.string() })
export type JsonLine = z.infer<typeof JsonLine>

export interface AutomateOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Path of another copy of the program. */
  readonly program?: string
  /** Path of another Node. */
  readonly node?: string
  /** Text to send to stdin, which is then closed. */
  readonly input?: string
}

export interface AutomateEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** The program as a user's script runs it: stdin, stdout and stderr are pipes. */
export class Automate {
  readonly ended: Promise<AutomateEnd>
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  private out = ''
  private err = ''
  private over = false

  constructor(t: Pick<Test, 'teardown'>, args: readonly string[], options: AutomateOptions = {}) {
    const { cwd, env, program = PROGRAM, node = process.execPath, input = '' } = options
    this.child = spawn(node, [program, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
    })
    // The program may end without reading its stdin, so this error is ignored.
    this.child.stdin.on('error', () => undefined).end(input)
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.out += text))
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.err += text))
    this.ended = new Promise(resolve => {
      this.child.once('close', (code, signal) => {
        this.over = true
        resolve({ code, signal, stdout: this.out, stderr: this.err })
      })
    })
    t.teardown(() => this.kill())
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('automate-tui did not start')
    return this.child.pid
  }

  get stdout(): string {
    return this.out
  }

  get stderr(): string {
    return this.err
  }

  /** Returns the complete lines of stdout so far, each parsed as JSON. */
  events(): JsonLine[] {
    return parseLines(this.out.slice(0, this.out.lastIndexOf('\n') + 1))
  }

  /**
   * Waits for a JSON line that matches. Rejects at once if the program ends without such a line.
   */
  event(what: string, fits: (line: JsonLine) => boolean): Promise<JsonLine> {
    return until(`${what} of automate-tui`, () => {
      const ended = this.over
      const found = this.events().find(fits)
      if (found === undefined && ended)
        throw new Error(`automate-tui ended without ${what}:\n${this.out}${this.err}`)
      return found
    })
  }

  /** Waits until stderr contains a text. */
  says(text: string): Promise<string> {
    return until(`"${text}" on stderr`, () => (this.err.includes(text) ? this.err : undefined))
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name)
  }

  /** Closes the reading end of stdout, as `head -1` does. */
  hangUp(): void {
    this.child.stdout.destroy()
  }

  /** Kills the program. Resolves when all its child processes have ended too. */
  async kill(): Promise<void> {
    const family = this.over ? [] : processTreeOf(this.pid)
    if (!this.over) this.child.kill('SIGKILL')
    await this.ended
    await until('the end of what automate-tui started', () => !family.some(sameProcessAlive))
  }
}

/** Parses stdout as one JSON object per line. Throws on anything else. */
export function parseLines(stdout: string): JsonLine[] {
  return stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JsonLine.parse(JSON.parse(line)))
}

/** Runs the program to its end. */
export function automate(
  t: Pick<Test, 'teardown'>,
  args: readonly string[],
  options: AutomateOptions = {},
): Promise<AutomateEnd> {
  return new Automate(t, args, options).ended
}
