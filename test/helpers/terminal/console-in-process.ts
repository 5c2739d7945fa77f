import { PassThrough } from 'node:stream'
import { runConsole } from '../../../screens/app.ts'
import type { ConsoleEnd, ConsoleOptions } from '../../../screens/app.ts'
import { AT } from '../../fixtures/console/snapshot.ts'
import type { ScriptedPort } from '../../fixtures/console/scripted-port.ts'
import { FakeTerminalOutput } from './fake-terminal-output.ts'
import { bytesOf } from './terminal.ts'
import { until } from '../until.ts'
import { VirtualScreen } from './virtual-screen.ts'

/** Number of polls that cover three frames. A screen that did not change over them is complete. */
const LOOKS_UNCHANGED = 6

/** Console in this process, on streams that end in a terminal emulator. */
export class ConsoleInProcess {
  readonly screen: VirtualScreen
  readonly output: FakeTerminalOutput
  readonly end: Promise<ConsoleEnd>
  private readonly input = new PassThrough()

  constructor(
    port: ScriptedPort,
    columns: number,
    rows: number,
    options: Partial<Omit<ConsoleOptions, 'port' | 'input' | 'output'>> = {},
  ) {
    this.screen = new VirtualScreen(columns, rows)
    this.output = new FakeTerminalOutput(columns, rows, this.screen)
    this.end = runConsole({
      env: {},
      language: 'en',
      now: () => AT,
      timeZone: 'UTC',
      ...options,
      port,
      input: this.input,
      output: this.output,
    })
  }

  press(...keys: string[]): void {
    for (const key of keys) this.input.write(bytesOf(key))
  }

  send(bytes: string): void {
    this.input.write(bytes)
  }

  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows)
    this.output.columns = columns
    this.output.rows = rows
    this.output.emit('resize')
  }

  async waitFor(text: string): Promise<string[]> {
    return until(`"${text}" on the screen`, () => {
      const rows = this.screen.rows()
      return rows.join('\n').includes(text) ? rows : false
    })
  }

  /** Waits until the screen shows a text and stops changing. */
  async settled(text: string): Promise<string[]> {
    let before = ''
    let same = 0
    return until(`a quiet screen with "${text}"`, () => {
      const rows = this.screen.rows()
      const now = rows.join('\n')
      same = now === before && now.includes(text) ? same + 1 : 0
      before = now
      return same >= LOOKS_UNCHANGED ? rows : false
    })
  }

  /** Closes the terminal under the console, which ends the console on every screen. */
  async close(): Promise<ConsoleEnd> {
    this.input.end()
    return this.end
  }
}
