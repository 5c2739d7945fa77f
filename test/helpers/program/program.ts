import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'
import { until } from '../until.ts'

/**
 * Running fixture program, which reports its progress as lines on stdout and reads lines from
 * stdin.
 */
export interface Program {
  readonly pid: number
  readonly lines: readonly string[]
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Waits for a line that begins with `start`, and returns the rest of the line. */
  line(start: string): Promise<string>
  say(line: string): void
  kill(): Promise<void>
}

/**
 * Runs a TypeScript file with this Node. If the process is still alive at the end of the test, it
 * is killed.
 */
export function startProgram(t: Pick<Test, 'teardown'>, path: string, args: readonly string[]): Program {
  return follow(t, spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] }))
}

/** Follows a process that was started elsewhere with pipes for stdin and stdout. */
export function follow(t: Pick<Test, 'teardown'>, child: ChildProcess): Program {
  const { stdin, stdout, pid } = child
  if (stdin === null || stdout === null || pid === undefined) throw new Error('The fixture did not start.')
  const lines: string[] = []
  createInterface({ input: stdout }).on('line', line => lines.push(line))
  // A killed program no longer reads its stdin, so the error is ignored.
  stdin.on('error', () => undefined)
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(resolve => {
    child.on('close', (code, signal) => resolve({ code, signal }))
  })
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  t.teardown(kill)
  return {
    pid,
    lines,
    exited,
    line: async start => {
      const found = await until(`a line "${start}…" among ${JSON.stringify(lines)}`, () =>
        lines.find(line => line.startsWith(start)),
      )
      return found.slice(start.length)
    },
    say: line => {
      stdin.write(`${line}\n`)
    },
    kill,
  }
}
