import { Writable } from 'node:stream'
import type { VirtualScreen } from './virtual-screen.ts'

/** Output of a console without a terminal emulator. It records every frame as sent. */
export class FakeTerminalOutput extends Writable {
  columns: number
  rows: number
  readonly frames: string[] = []
  private readonly screen: VirtualScreen

  constructor(columns: number, rows: number, screen: VirtualScreen) {
    super({ decodeStrings: false })
    this.columns = columns
    this.rows = rows
    this.screen = screen
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.frames.push(chunk)
    this.screen.write(chunk)
    done()
  }
}
