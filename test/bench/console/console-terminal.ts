import { spawn } from '@lydell/node-pty'
import { systemClock } from '../../../lib/core/clock.ts'
import { withDeadline } from '../../../lib/core/deadline.ts'
import { VirtualScreen } from '../../helpers/virtual-screen.ts'
import { bytesOf } from '../../helpers/terminal.ts'
import { PROGRAM } from '../ours/compiled.ts'

/** A whole screen under load comes in a second; this is for a machine that does much else. */
const LIMIT_MS = 120_000

/** The compiled console in a pseudo-terminal, whose screen is looked at as soon as a frame has been painted. */
export class ConsoleTerminal {
  private readonly pty: ReturnType<typeof spawn>
  private readonly screen = new VirtualScreen(120, 40)
  private readonly ended: Promise<void>
  private look: () => void = () => undefined

  constructor(root: string) {
    this.pty = spawn(process.execPath, [PROGRAM, '--root', root], {
      name: 'xterm-256color',
      cols: 120,
      rows: 40,
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', AUTOMATE_LANGUAGE: 'en' },
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

  /** Resolves when a painted frame shows a text. Thrown with code `deadline` when none does. */
  async sees(text: string): Promise<void> {
    const seen = new Promise<void>(resolve => {
      this.look = () => {
        if (this.screen.rows().some(row => row.includes(text))) resolve()
      }
    })
    this.look()
    await withDeadline(seen, LIMIT_MS, `"${text}" on the screen`, systemClock)
    this.look = () => undefined
  }

  /** Presses a key and answers after how many milliseconds a painted frame showed what it does. */
  async pressed(key: string, text: string): Promise<number> {
    const at = systemClock.monotonic()
    this.pty.write(bytesOf(key))
    await this.sees(text)
    return systemClock.monotonic() - at
  }

  /** Closes the terminal under the console, and waits for its end. */
  async close(): Promise<void> {
    this.pty.kill()
    await withDeadline(this.ended, LIMIT_MS, 'The end of the console', systemClock)
  }
}
