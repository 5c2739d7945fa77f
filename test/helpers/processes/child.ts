import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Child {
  readonly process: ChildProcess
  readonly pid: number
  /** Resolves with the next line of stdout. Rejects if the process ends first. */
  line(): Promise<string>
  readonly ended: Promise<Ended>
}

/** Returns the path of a fixture program under test/fixtures. */
function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url))
}

/**
 * Starts a fixture program in its own process. `preload` names modules under test/fixtures/preload.
 */
export function startChild(
  program: string,
  args: readonly string[] = [],
  options: SpawnOptions & { readonly preload?: readonly string[] } = {},
): Child {
  const { preload = [], ...spawnOptions } = options
  const imports = preload.flatMap(name => [
    '--import',
    new URL(`../../fixtures/preload/${name}`, import.meta.url).href,
  ])
  const child = spawn(process.execPath, [...imports, fixture(program), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    ...spawnOptions,
  })
  if (child.pid === undefined) throw new Error(`${program} did not start`)
  const output = { stdout: '', stderr: '', taken: 0 }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  const ended = new Promise<Ended>(resolve => {
    child.once('close', (code, signal) =>
      resolve({ code, signal, stdout: output.stdout, stderr: output.stderr }),
    )
  })
  return {
    process: child,
    pid: child.pid,
    ended,
    line: async () => {
      for (;;) {
        const end = output.stdout.indexOf('\n', output.taken)
        if (end !== -1) {
          const line = output.stdout.slice(output.taken, end)
          output.taken = end + 1
          return line
        }
        const over = await Promise.race([
          ended,
          child.stdout ? once(child.stdout, 'data').then(() => undefined) : undefined,
        ])
        if (over !== undefined && !output.stdout.includes('\n', output.taken)) {
          throw new Error(
            `${program} ended (${over.code ?? over.signal ?? ''}) without a line: ${over.stderr}`,
          )
        }
      }
    },
  }
}
