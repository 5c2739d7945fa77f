import xterm from '@xterm/headless'
import type { Cell } from './picture.ts'

const FRAME_BEGIN = '\u001b[?2026h'
const FRAME_END = '\u001b[?2026l'

/** Screen of a terminal emulator, after everything that was written to it. */
export class VirtualScreen {
  private readonly terminal: InstanceType<typeof xterm.Terminal>
  private current = ''
  private cursor = true
  private held = ''

  constructor(columns: number, rows: number) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
    this.terminal.onTitleChange(title => {
      this.current = title
    })
    // The emulator does not report the cursor's visibility (DECTCEM, mode 25).
    for (const [final, shown] of [
      ['h', true],
      ['l', false],
    ] as const) {
      this.terminal.parser.registerCsiHandler({ prefix: '?', final }, modes => {
        if (modes.includes(25)) this.cursor = shown
        return false
      })
    }
  }

  get title(): string {
    return this.current
  }

  /**
   * Accepts a frame as a whole, as terminals with synchronized output do, so a half frame is never
   * visible.
   */
  write(data: string): void {
    this.held += data
    const begun = this.held.lastIndexOf(FRAME_BEGIN)
    const whole = begun > this.held.lastIndexOf(FRAME_END) ? begun : this.held.length
    this.terminal.write(this.held.slice(0, whole))
    this.held = this.held.slice(whole)
  }

  /** Resolves when all written data is on the screen. */
  flushed(): Promise<void> {
    return new Promise(resolve => this.terminal.write('', resolve))
  }

  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows)
  }

  /** Returns the visible rows without trailing blanks. */
  rows(): string[] {
    const buffer = this.terminal.buffer.active
    return Array.from({ length: this.terminal.rows }, (_, row) =>
      (buffer.getLine(buffer.viewportY + row)?.translateToString(true) ?? '').trimEnd(),
    )
  }

  /** Returns every painted cell. */
  cells(): Cell[][] {
    const buffer = this.terminal.buffer.active
    return Array.from({ length: this.terminal.rows }, (_, row) => {
      const line = buffer.getLine(buffer.viewportY + row)
      return Array.from({ length: this.terminal.cols }, (__, column) => {
        const cell = line?.getCell(column)
        return {
          text: cell?.getChars() ?? '',
          wide: cell?.getWidth() === 0,
          foreground: cell === undefined || cell.isFgDefault() ? null : cell.getFgColor(),
          background: cell === undefined || cell.isBgDefault() ? null : cell.getBgColor(),
          bold: (cell?.isBold() ?? 0) !== 0,
          underline: (cell?.isUnderline() ?? 0) !== 0,
          inverse: (cell?.isInverse() ?? 0) !== 0,
        }
      })
    })
  }

  /** Returns the content of one cell. The second half of a wide character is empty. */
  cell(column: number, row: number): string {
    const buffer = this.terminal.buffer.active
    return (
      buffer
        .getLine(buffer.viewportY + row)
        ?.getCell(column)
        ?.getChars() ?? ''
    )
  }

  /**
   * Returns a letter for each cell's style in order of appearance, `.` for the terminal's own, and
   * the legend of the letters.
   */
  styles(): { readonly rows: string[]; readonly legend: string[] } {
    const buffer = this.terminal.buffer.active
    const letters = new Map([['plain', '.']])
    const rows = Array.from({ length: this.terminal.rows }, (_, row) => {
      const line = buffer.getLine(buffer.viewportY + row)
      return Array.from({ length: this.terminal.cols }, (__, column) => {
        const cell = line?.getCell(column)
        if (cell === undefined) return '.'
        const style = [
          cell.isBold() ? 'bold' : '',
          cell.isUnderline() ? 'underline' : '',
          cell.isInverse() ? 'inverse' : '',
          cell.isFgDefault() ? '' : `fg ${cell.getFgColor()}`,
          cell.isBgDefault() ? '' : `bg ${cell.getBgColor()}`,
        ]
          .filter(word => word !== '')
          .join(' ')
        const name = style === '' ? 'plain' : style
        const letter = letters.get(name) ?? String.fromCharCode('a'.charCodeAt(0) + letters.size - 1)
        letters.set(name, letter)
        return letter
      })
        .join('')
        .replace(/\.+$/, '')
    })
    return { rows, legend: [...letters].map(([name, letter]) => `${letter} ${name}`) }
  }

  /** Returns the modes that a console must restore. */
  modes() {
    const { mouseTrackingMode, bracketedPasteMode, applicationCursorKeysMode } = this.terminal.modes
    return {
      alternate: this.terminal.buffer.active.type === 'alternate',
      mouse: mouseTrackingMode,
      paste: bracketedPasteMode,
      cursor: this.cursor,
      applicationKeys: applicationCursorKeysMode,
    }
  }
}
