import { spawn as spawnPty } from '@lydell/node-pty'
import type { Cell } from './picture.ts'
import { until } from '../until.ts'
import { VirtualScreen } from './virtual-screen.ts'

const ESC = '\u001b'

/** Bytes that a terminal sends for keys that are not characters. */
const KEYS: Readonly<Record<string, string>> = {
  enter: '\r',
  escape: ESC,
  tab: '\t',
  'S-tab': `${ESC}[Z`,
  up: `${ESC}[A`,
  down: `${ESC}[B`,
  right: `${ESC}[C`,
  left: `${ESC}[D`,
  home: `${ESC}[H`,
  end: `${ESC}[F`,
  pageup: `${ESC}[5~`,
  pagedown: `${ESC}[6~`,
  space: ' ',
  backspace: '\u007f',
}

/** Number of polls after the end of the program, because its last bytes may arrive later. */
const LOOKS_AFTER_THE_END = 50

export interface TerminalOptions {
  readonly cols: number
  readonly rows: number
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
}

/** Exit of the program in the terminal. */
export interface TerminalExit {
  readonly exitCode: number
  readonly signal: number | undefined
}

/** Program in a real pseudo-terminal, with the screen that a person would see. */
export class TerminalDriver {
  readonly exited: Promise<TerminalExit>
  private readonly pty: ReturnType<typeof spawnPty>
  private readonly virtual: VirtualScreen
  private over: TerminalExit | undefined
  private received = ''

  constructor(command: string, args: readonly string[], { cols, rows, env = {}, cwd }: TerminalOptions) {
    this.virtual = new VirtualScreen(cols, rows)
    this.pty = spawnPty(command, [...args], {
      name: 'xterm-256color',
      cols,
      rows,
      env: withoutHoles({ ...process.env, ...env }),
      cwd: cwd ?? process.cwd(),
    })
    this.pty.onData(data => {
      this.received += data
      this.virtual.write(data)
    })
    this.exited = new Promise(resolve => {
      this.pty.onExit(({ exitCode, signal }) => {
        this.over = { exitCode, signal }
        resolve(this.over)
      })
    })
  }

  get pid(): number {
    return this.pty.pid
  }

  /** Presses one key: a character, `C-l` for Ctrl+L, or a name such as `enter`. */
  press(key: string): void {
    this.pty.write(bytesOf(key))
  }

  /** Types text character by character. */
  type(text: string): void {
    this.pty.write(text)
  }

  /** Pastes text, as a terminal in bracketed paste mode does. */
  paste(text: string): void {
    this.pty.write(`${ESC}[200~${text}${ESC}[201~`)
  }

  /** Presses the left mouse button on a cell. Columns and rows are 0-based. */
  click(column: number, row: number): void {
    this.pty.write(`${ESC}[<0;${column + 1};${row + 1}M${ESC}[<0;${column + 1};${row + 1}m`)
  }

  resize(cols: number, rows: number): void {
    this.virtual.resize(cols, rows)
    this.pty.resize(cols, rows)
  }

  /** Returns the rendered rows without trailing blanks. */
  screen(): string[] {
    return this.virtual.rows()
  }

  /** Returns every painted cell. */
  cells(): Cell[][] {
    return this.virtual.cells()
  }

  /** Stops reading, as a hung connection does. */
  stopReading(): void {
    this.pty.pause()
  }

  readAgain(): void {
    this.pty.resume()
  }

  /** Returns all bytes that the program has written. */
  output(): string {
    return this.received
  }

  modes() {
    return this.virtual.modes()
  }

  /**
   * Waits until the screen shows a text, or until a predicate on its rows is true. Fails with the
   * last screen.
   */
  async waitFor(
    what: string | RegExp | ((rows: string[]) => boolean),
    patienceMs?: number,
  ): Promise<string[]> {
    let looksAfter = 0
    const look = () => {
      if (matches(this.screen(), what)) return this.screen()
      if (this.over !== undefined && ++looksAfter > LOOKS_AFTER_THE_END) throw new Error('It will not come')
      return false
    }
    try {
      return await until(String(what), look, patienceMs)
    } catch (error) {
      const exit = this.over === undefined ? 'still running' : JSON.stringify(this.over)
      throw new Error(
        `${String(what)}: ${String(error)}\nThe program is ${exit}. The screen:\n${this.screen().join('\n')}`,
        {
          cause: error,
        },
      )
    }
  }

  /** Waits for the end of the program. Fails with the last screen if the program does not end. */
  async untilExited(): Promise<TerminalExit> {
    try {
      return await until('the end of the program', () => this.over)
    } catch (error) {
      throw new Error(`${String(error)}\nThe screen:\n${this.screen().join('\n')}`, { cause: error })
    }
  }

  signal(name: string): void {
    this.pty.kill(name)
  }

  /** Ends the program if it still runs. */
  close(): void {
    if (this.over === undefined) this.pty.kill(process.platform === 'win32' ? undefined : 'SIGKILL')
  }
}

/** Removes variables without a value, because node-pty would set them to the word "undefined". */
function withoutHoles(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

/** Starts a program in a pseudo-terminal of a size. */
export function spawn(command: string, args: readonly string[], options: TerminalOptions): TerminalDriver {
  return new TerminalDriver(command, args, options)
}

function matches(rows: string[], what: string | RegExp | ((rows: string[]) => boolean)): boolean {
  if (typeof what === 'function') return what(rows)
  const text = rows.join('\n')
  return typeof what === 'string' ? text.includes(what) : what.test(text)
}

/** Returns the bytes that a terminal sends for a key. */
export function bytesOf(key: string): string {
  const control = /^C-([a-z])$/.exec(key)?.[1]
  if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) - 0x60)
  return KEYS[key] ?? key
}
