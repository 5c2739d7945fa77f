import { PassThrough } from 'node:stream'
import { THEMES } from '../../screens/theme.ts'
import { translatorOf } from '../../screens/binding.ts'
import type { State } from '../../screens/state.ts'
import type { Region, ViewModel } from '../../screens/view/drawing/row.ts'
import { cellsOf } from '../../screens/view/drawing/text.ts'
import { view } from '../../screens/view/view.ts'
import { openTerminal } from '../../screens/terminal/terminal.ts'
import { pressedAndAnswered, seen } from '../fixtures/console/driven.ts'
import { richSnapshot } from '../fixtures/console/snapshot.ts'
import { scriptedAnswer } from '../fixtures/console/tables.ts'
import { FakeTerminalOutput } from '../helpers/terminal/fake-terminal-output.ts'
import { VirtualScreen } from '../helpers/terminal/virtual-screen.ts'
import { HostileStrings } from './hostile-strings.ts'
import { hostileAnswers, hostileSnapshot } from './hostile-world.ts'
import { randomFrom } from './random.ts'

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 10 },
  { columns: 120, rows: 40 },
]

/** Keys that lead from the dashboard to each place with text from outside. */
const SCENES: readonly (readonly string[])[] = [
  [],
  ['enter'],
  ['2'],
  ['2', 'x'],
  ['2', 'n'],
  ['4'],
  ['4', 'w'],
  ['5', 'G', 'enter'],
  ['5', 'enter'],
  ['6', 'enter'],
  ['6', 'enter', 'enter', 'down'],
  ['6', 'enter', 'e'],
  ['6', 'down', 'enter', 'd'],
  ['8', 'tab', 'tab', 'tab', 'enter'],
  [':'],
]

export interface HostileReport {
  readonly strings: number
  readonly frames: number
  /**
   * Problems in words. Empty if the terminal obeyed nothing and every cell is as the view asked.
   */
  readonly problems: readonly string[]
}

/**
 * Shows `strings` hostile strings on every screen in every size, and compares the terminal's cells
 * with the view.
 */
export async function showHostileText(seed: number, strings: number): Promise<HostileReport> {
  const texts = new HostileStrings(randomFrom(seed))
  const usual = new Set<string>()
  const problems: string[] = []
  let frames = 0
  for (let round = 0; problems.length === 0 && texts.made < strings; round += 1) {
    const size = SIZES[round % SIZES.length] ?? { columns: 80, rows: 24 }
    // The sequences that the console sends for harmless text on all screens are the only permitted
    // ones.
    if (round < SIZES.length) {
      const harmless = await shownOn(size, seen(richSnapshot(), { size }), scriptedAnswer)
      harmless.sequences.forEach(each => usual.add(each))
      problems.push(...harmless.problems.map(problem => `harmless text: ${problem}`))
    }
    const text = () => texts.next()
    const shown = await shownOn(size, seen(hostileSnapshot(text), { size }), hostileAnswers(text))
    frames += shown.frames
    problems.push(
      ...shown.problems,
      ...[...shown.sequences].filter(each => !usual.has(each)).map(each => `sent ${JSON.stringify(each)}`),
    )
  }
  return { strings: texts.made, frames, problems }
}

type Shown = {
  readonly frames: number
  readonly sequences: Set<string>
  readonly problems: readonly string[]
}

/** Shows all scenes of one world on a terminal of one size. */
async function shownOn(
  size: State['size'],
  start: State,
  answers: Parameters<typeof pressedAndAnswered>[2],
): Promise<Shown> {
  const screen = new VirtualScreen(size.columns, size.rows)
  const output = new FakeTerminalOutput(size.columns, size.rows, screen)
  const terminal = openTerminal(new PassThrough(), output, {
    onToken: () => undefined,
    onResize: () => undefined,
    onGone: () => undefined,
    onReady: () => undefined,
  })
  const problems: string[] = []
  for (const keys of SCENES) {
    const [state] = pressedAndAnswered(start, keys, answers)
    const model = view(state, size, THEMES.dark, translatorOf(state))
    terminal.paint(model)
    await screen.flushed()
    const wrong = wrongCell(screen, model)
    if (wrong !== null) problems.push(`${size.columns}×${size.rows} ${keys.join(' ')}: ${wrong}`)
    if (screen.title !== model.title) problems.push(`the title is ${screen.title}`)
  }
  const { alternate, cursor } = screen.modes()
  if (!alternate || cursor) problems.push('a mode of the terminal was changed')
  terminal.close()
  const { sequences, controls } = sentOf(output.frames.join(''))
  if (controls.size > 0) problems.push(`sent as they are: ${JSON.stringify([...controls].join(''))}`)
  return { frames: SCENES.length, sequences, problems }
}

/** Returns the first cell in which the terminal differs from the view. */
function wrongCell(screen: VirtualScreen, model: ViewModel): string | null {
  const { overlay, chart } = model
  for (const region of [model.header, model.body, model.footer, overlay]) {
    if (region === null) continue
    for (const [index, row] of region.rows.entries()) {
      const cells = cellsOf(row.map(({ text }) => text).join(''))
      for (const [place, wanted] of cells.entries()) {
        const column = region.left + place
        const line = region.top + index
        // Cells under a box, and characters that its edge cuts in half, are not visible.
        if (region !== overlay && (within(overlay, column, line, 1) || within(chart, column, line, 0)))
          continue
        const is = screen.cell(column, line)
        if (is !== wanted && !(wanted === ' ' && is === ''))
          return `cell ${column},${line} is ${JSON.stringify(is)}, not ${JSON.stringify(wanted)}`
      }
    }
  }
  return null
}

function within(
  rect: Pick<Region, 'left' | 'top' | 'width' | 'height'> | null,
  column: number,
  line: number,
  margin: number,
): boolean {
  if (rect === null) return false
  const { left, top, width, height } = rect
  return column >= left - margin && column < left + width + margin && line >= top && line < top + height
}

const SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[()][0-9A-Za-z]|.?)/gsu
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu

/**
 * Returns the kinds of sent sequences, without their positions and colours, and the controls
 * outside of sequences.
 */
function sentOf(bytes: string): { readonly sequences: Set<string>; readonly controls: Set<string> } {
  const sequences = new Set(
    Array.from(bytes.matchAll(SEQUENCE), ([each]) =>
      each.startsWith('\u001b[') && !each.startsWith('\u001b[?') ? each.replace(/[0-9;]+/g, '#') : each,
    ),
  )
  return { sequences, controls: new Set(bytes.replace(SEQUENCE, '').match(CONTROL) ?? []) }
}
