import { spawn } from '@lydell/node-pty'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { withTimeout } from '../../../lib/core/time/timeout.ts'
import { VirtualScreen } from '../../helpers/terminal/virtual-screen.ts'
import { bytesOf } from '../../helpers/terminal/terminal.ts'
import { PROGRAM } from '../ours/compiled.ts'

/** Time limit for a machine that does much else. A whole screen under load takes a second. */
const LIMIT_MS = 120_000

/** Program in a pseudo-terminal whose screen is read after each painted frame. */
export class WatchedTerminal {
  private readonly pty: ReturnType<typeof spawn>
  private readonly screen = new VirtualScreen(120, 40)
  private readonly ended: Promise<void>
  private look: () => void = () => undefined

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    this.pty = spawn(process.execPath, [...args], {
      name: 'xterm-256color',
      cols: 120,
      rows: 40,
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    })
    this.ended = new Promise(resolve => this.pty.onExit(() => resolve()))
    this.pty.onData(data => {
      this.screen.write(data)
      void this.screen.flushed().then(() => this.look())
    })
  }

  get pid(): number {
    return this.pty.pid
  }

  /**
   * Resolves when a painted frame shows a text.
   * @throws `deadline` if no frame shows it.
   */
  async sees(text: string | RegExp): Promise<void> {
    const has = (row: string) => (typeof text === 'string' ? row.includes(text) : text.test(row))
    const seen = new Promise<void>(resolve => {
      this.look = () => {
        if (this.screen.rows().some(has)) resolve()
      }
    })
    this.look()
    await withTimeout(seen, LIMIT_MS, `"${String(text)}" on the screen`, systemClock)
    this.look = () => undefined
  }

  /** Presses a key and returns the ms until a painted frame showed its effect. */
  async pressed(key: string, text: string | RegExp): Promise<number> {
    const at = systemClock.monotonic()
    this.pty.write(bytesOf(key))
    await this.sees(text)
    return systemClock.monotonic() - at
  }

  /** Closes the terminal under the program and waits for the program's end. */
  async close(): Promise<void> {
    this.pty.kill()
    await withTimeout(this.ended, LIMIT_MS, 'The end of the console', systemClock)
  }
}

/** Compiled console in a pseudo-terminal. */
export class ConsoleTerminal extends WatchedTerminal {
  constructor(root: string) {
    super([PROGRAM, '--root', root], { AUTOMATE_LANGUAGE: 'en' })
  }
}
