import { DRAWN, strokesOf } from './picture-strokes.ts'

/**
 * Painted cell of a terminal. Colours are from the 256-colour palette; null is the terminal's own.
 */
export interface Cell {
  /** Empty for the second half of a wide character. */
  readonly text: string
  readonly wide: boolean
  readonly foreground: number | null
  readonly background: number | null
  readonly bold: boolean
  readonly underline: boolean
  readonly inverse: boolean
}

const CELL_WIDTH = 8.4
const CELL_HEIGHT = 18
const FONT_SIZE = 14
const BASELINE = 13.5
const PADDING = 14
const BAR = 30

const PAPER = '#14171f'
const INK = '#d5d9e3'

/** First sixteen colours, calm ones for a dark page. */
const BASE = [
  '#14171f',
  '#f0707a',
  '#8fce8b',
  '#e8c06a',
  '#74a8f7',
  '#c792ea',
  '#6fcbd6',
  '#d5d9e3',
  '#6b7285',
  '#ff8f98',
  '#aee8a9',
  '#ffd98a',
  '#9cc4ff',
  '#dcb4f7',
  '#97e3ec',
  '#ffffff',
] as const

const CUBE = [0, 95, 135, 175, 215, 255]

/**
 * Returns a colour of the palette as a terminal shows it: 16 base colours, a cube of 216, 24 greys.
 */
function colour(index: number): string {
  const hex = (...parts: readonly number[]) =>
    `#${parts.map(part => part.toString(16).padStart(2, '0')).join('')}`
  if (index < 16) return BASE[index] ?? INK
  if (index >= 232) return hex(...Array<number>(3).fill(8 + (index - 232) * 10))
  const place = index - 16
  const level = (value: number) => CUBE[value % 6] ?? 0
  return hex(level(Math.floor(place / 36)), level(Math.floor(place / 6)), level(place))
}

const ink = ({ foreground, background, inverse }: Cell): string =>
  inverse ? shade(background, PAPER) : shade(foreground, INK)
const paper = ({ foreground, background, inverse }: Cell): string =>
  inverse ? shade(foreground, INK) : shade(background, PAPER)
const shade = (index: number | null, otherwise: string) => (index === null ? otherwise : colour(index))

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const number = (value: number) => String(Math.round(value * 10) / 10)

/** Run of neighbouring cells with one look. */
interface Run {
  readonly column: number
  readonly cells: number
  readonly text: string
  readonly look: string
}

/** Cuts a row into runs. `lookOf` returns an empty look for cells that need no drawing. */
function runs(row: readonly Cell[], lookOf: (cell: Cell) => string): Run[] {
  const found: Run[] = []
  row.forEach((cell, column) => {
    const look = lookOf(cell)
    const last = found.at(-1)
    const joins = last?.look === look && last.column + last.cells === column
    const text = cell.text === '' ? (cell.wide ? '' : ' ') : cell.text
    if (last !== undefined && joins) {
      found[found.length - 1] = { ...last, cells: last.cells + 1, text: last.text + text }
    } else {
      found.push({ column, cells: 1, text, look })
    }
  })
  return found.filter(run => run.look !== '')
}

const backgrounds = (row: readonly Cell[], top: number): string =>
  runs(row, cell => (paper(cell) === PAPER ? '' : paper(cell)))
    .map(
      ({ column, cells, look }) =>
        `<rect x="${number(PADDING + column * CELL_WIDTH)}" y="${number(top)}" width="${number(cells * CELL_WIDTH)}" height="${CELL_HEIGHT}" fill="${look}"/>`,
    )
    .join('')

function texts(row: readonly Cell[], top: number): string {
  const spans = runs(row, cell => `${ink(cell)}${cell.bold ? ' b' : ''}${cell.underline ? ' u' : ''}`)
    .flatMap(words)
    .map(({ column, text, cells, look }) => {
      const [fill = INK, ...marks] = look.split(' ')
      const more = `${marks.includes('b') ? ' font-weight="700"' : ''}${marks.includes('u') ? ' text-decoration="underline"' : ''}`
      // The length keeps every run in its cells with any font of the reader.
      return `<tspan x="${number(PADDING + column * CELL_WIDTH)}" textLength="${number(cells * CELL_WIDTH)}" fill="${fill}"${more}>${escaped(text)}</tspan>`
    })
  return spans.length === 0 ? '' : `<text y="${number(top + BASELINE)}">${spans.join('')}</text>`
}

/**
 * Returns the pieces of a run without its drawn characters. Several blanks separate pieces, because
 * an SVG reader may collapse blanks into one.
 */
function words({ column, text, look }: Run): Run[] {
  const plain = text.replace(DRAWN, ' ')
  return [...plain.matchAll(/\S+(?: \S+)*/g)].map(found => ({
    column: column + found.index,
    cells: found[0].length,
    text: found[0],
    look,
  }))
}

/** Returns the frames, bars and charts as shapes, so that they join with any font. */
function strokes(rows: readonly (readonly Cell[])[]): string[] {
  const paths = new Map<string, string>()
  rows.forEach((row, index) => {
    for (const { column, text, look } of runs(row, ink)) {
      const left = PADDING + column * CELL_WIDTH
      const path = strokesOf(text, left, BAR + index * CELL_HEIGHT, CELL_WIDTH, CELL_HEIGHT)
      if (path !== '') paths.set(look, (paths.get(look) ?? '') + path)
    }
  })
  return [...paths].map(([fill, path]) => `<path fill="${fill}" d="${path}"/>`)
}

/** Returns a terminal's cells as an SVG picture of a window with a title. */
export function svgOf(rows: readonly (readonly Cell[])[], title: string): string {
  const width = (rows[0]?.length ?? 0) * CELL_WIDTH + 2 * PADDING
  const height = rows.length * CELL_HEIGHT + BAR + PADDING
  const lights = ['#f0707a', '#e8c06a', '#8fce8b'].map(
    (fill, place) => `<circle cx="${18 + place * 18}" cy="${BAR / 2}" r="5.5" fill="${fill}"/>`,
  )
  const lines = rows.map((row, index) => {
    const top = BAR + index * CELL_HEIGHT
    return backgrounds(row, top) + texts(row, top)
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${number(width)} ${number(height)}" width="${number(width)}" height="${number(height)}" role="img" aria-label="${escaped(title)}">`,
    `<rect width="100%" height="100%" rx="9" fill="${PAPER}"/>`,
    `<path d="M0 ${BAR - 4}h${number(width)}" stroke="#262b38"/>`,
    ...lights,
    `<g font-family="ui-monospace,'Cascadia Mono','SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="${FONT_SIZE}">`,
    ...lines.filter(line => line !== ''),
    '</g>',
    ...strokes(rows),
    '</svg>',
    '',
  ].join('\n')
}
