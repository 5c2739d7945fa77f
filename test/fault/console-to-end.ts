import type { Test } from 'tap'
import { identifyProcess, sameProcessAlive } from '../../lib/platform/process/process-identity.ts'
import { readProcessTable } from '../../lib/platform/process/process-table.ts'
import { PROGRAM } from '../helpers/program/built-program.ts'
import { startChild } from '../helpers/processes/child.ts'
import type { Child } from '../helpers/processes/child.ts'
import { spawn } from '../helpers/terminal/terminal.ts'
import type { TerminalDriver } from '../helpers/terminal/terminal.ts'
import { until } from '../helpers/until.ts'

/**
 * Ways in which a console ends. `ctrl-c` and `quit` choose to stop at once, and a second signal
 * does the same.
 */
export const ENDINGS = [
  'quit',
  'ctrl-c',
  'sigterm',
  'sighup',
  'sigkill',
  'closed-terminal',
  'uncaught-error',
  'out-of-memory',
] as const
export type Ending = (typeof ENDINGS)[number]

const PRELOADS: Partial<Readonly<Record<Ending, string>>> = {
  'uncaught-error': 'throws-at-signal.ts',
  'out-of-memory': 'fills-memory-at-signal.ts',
}

/**
 * Heap limit that a console fits into, and that a program which fills the memory exceeds within a
 * second.
 */
const SMALL_HEAP = '--max-old-space-size=120'

/** The real console in a pseudo-terminal, until the test ends it. */
export class ConsoleToEnd {
  private readonly ending: Ending
  private readonly terminal: TerminalDriver | undefined
  private readonly window: Child | undefined

  private constructor(ending: Ending, terminal: TerminalDriver | undefined, window: Child | undefined) {
    this.ending = ending
    this.terminal = terminal
    this.window = window
  }

  /** Starts the console in the project and waits for its first screen. */
  static async start(
    t: Pick<Test, 'teardown'>,
    root: string,
    { ending, transport }: { readonly ending: Ending; readonly transport: string },
  ): Promise<ConsoleToEnd> {
    const preload = PRELOADS[ending]
    const imports = preload === undefined ? [] : ['--import', preloadUrl(preload)]
    const heap = ending === 'out-of-memory' ? [SMALL_HEAP] : []
    const args = [...heap, ...imports, PROGRAM, '--root', root, '--cdp', transport]
    const env = { LC_ALL: 'en_GB.UTF-8', TERM: 'xterm-256color' }
    if (ending === 'closed-terminal') {
      const window = startChild('console/terminal-window.entry.ts', args, { env: { ...process.env, ...env } })
      t.teardown(() => window.process.kill('SIGKILL'))
      return new ConsoleToEnd(ending, undefined, window)
    }
    const terminal = spawn(process.execPath, args, { cols: 100, rows: 30, env })
    t.teardown(() => {
      terminal.close()
    })
    await terminal.waitFor('Workers')
    return new ConsoleToEnd(ending, terminal, undefined)
  }

  /** Returns the root of the process tree. */
  get pid(): number {
    const pid = this.terminal?.pid ?? this.window?.pid
    if (pid === undefined) throw new Error('the console did not start')
    return pid
  }

  /** Ends the console. Resolves after the end of its process. */
  async end(): Promise<void> {
    const { terminal } = this
    if (terminal === undefined) {
      const console = readProcessTable().find(({ parent }) => parent === this.pid)?.pid
      const identity = console === undefined ? undefined : identifyProcess(console)
      this.window?.process.kill('SIGKILL')
      await this.window?.ended
      await until('the end of the console', () => identity === undefined || !sameProcessAlive(identity))
      return
    }
    if (this.ending === 'quit' || this.ending === 'ctrl-c') await this.quit(terminal)
    else if (this.ending === 'sigterm') await this.terminate(terminal)
    else if (this.ending === 'sighup') terminal.signal('SIGHUP')
    else terminal.signal(this.ending === 'sigkill' ? 'SIGKILL' : 'SIGUSR2')
    await terminal.untilExited()
  }

  /** Sends two signals: the first one lets the jobs end, and the second one interrupts them. */
  private async terminate(terminal: TerminalDriver): Promise<void> {
    terminal.signal('SIGTERM')
    await terminal.waitFor('Stop again to end them at once')
    terminal.signal('SIGTERM')
  }

  private async quit(terminal: TerminalDriver): Promise<void> {
    terminal.press(this.ending === 'quit' ? 'q' : 'C-c')
    let over = false
    void terminal.exited.then(() => (over = true))
    // A console that knows of no running work does not ask.
    const asked = await until('the question', () =>
      over ? 'no' : terminal.screen().some(row => row.includes('› Stay')) && 'yes',
    )
    if (asked === 'no') return
    terminal.press('up')
    terminal.press('enter')
  }
}

function preloadUrl(name: string): string {
  return new URL(`../fixtures/preload/${name}`, import.meta.url).href
}
