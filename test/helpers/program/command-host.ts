import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { AutomateEnd, AutomateOptions } from './automate.ts'
import { PROGRAM } from './built-program.ts'

const HOST = fileURLToPath(new URL('../../fixtures/commands/command-host.entry.ts', import.meta.url))

/**
 * Commands that need their own process, because they start other processes, serve requests, or read
 * stdin.
 */
const OWN_PROCESS = new Set(
  'check-start completion console demo doctor init logs new run service takeover test worker --no-tui'.split(
    ' ',
  ),
)

/** Matches the environment variables that Node or the system reads before the program starts. */
const EARLY_VARIABLES = /^(NODE_|LD_|DYLD_|FAKE|UV_|TZ$)/

/** Time limit of a command, which takes seconds on a machine under load. */
const LIMIT_MS = 120_000

const Reply = z.object({ code: z.int(), stdout: z.string(), stderr: z.string() })

let host: ChildProcess | undefined
let last: Promise<unknown> = Promise.resolve()

/** True if a command can run in the same process as other commands. */
export function isHosted(args: readonly string[], options: AutomateOptions): boolean {
  const { program, input, env = {} } = options
  if (program !== undefined || input !== undefined || args.length === 0) return false
  return (
    !args.some(word => OWN_PROCESS.has(word)) && !Object.keys(env).some(name => EARLY_VARIABLES.test(name))
  )
}

/**
 * Runs one command through the program's entry module. All such commands of a test file share one
 * process and run one after the other, because a program that is already loaded takes half the CPU
 * time of a new process.
 */
export function hostedCommand(args: readonly string[], options: AutomateOptions): Promise<AutomateEnd> {
  const end = last.then(() => ask(args, options))
  last = end.catch(() => undefined)
  return end
}

async function ask(
  args: readonly string[],
  { cwd = process.cwd(), env }: AutomateOptions,
): Promise<AutomateEnd> {
  host ??= startHost()
  const child = host
  const over = new AbortController()
  const { signal } = over
  const reply = once(child, 'message', { signal }).then(([message]) => Reply.parse(message))
  const exit = once(child, 'exit', { signal }).then(() => {
    throw new Error(`The host of commands ended while it ran: ${args.join(' ')}`)
  })
  const limit = once(AbortSignal.timeout(LIMIT_MS), 'abort', { signal }).then(() => {
    child.kill('SIGKILL')
    throw new Error(`This command did not end within ${LIMIT_MS} ms: ${args.join(' ')}`)
  })
  child.ref()
  child.channel?.ref()
  child.send({ program: PROGRAM, args, cwd, env: { ...process.env, ...env } })
  try {
    return { ...(await Promise.race([reply, exit, limit])), signal: null }
  } finally {
    over.abort()
    unref(child)
  }
}

/**
 * Lets this process end while the host waits for its next command. The host ends when its channel
 * closes.
 */
function unref(child: ChildProcess): void {
  child.unref()
  child.channel?.unref()
}

function startHost(): ChildProcess {
  const child = fork(HOST, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  child.once('exit', () => (host = undefined))
  unref(child)
  return child
}
