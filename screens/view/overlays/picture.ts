import type { WorkerDocument } from '../../../lib/model/worker/documents.ts'
import type { Rect } from '../../layout.ts'
import { cellsOfPicture, isTyping, shownPicture, typedPlace } from '../../overlays/picture.ts'
import type { Picture } from '../../../lib/app/port/snapshot.ts'
import type { Style } from '../../theme.ts'
import { keptWords } from '../../../lib/locales/format/kept-words.ts'
import { waitingWords } from '../../../lib/locales/format/waiting-words.ts'
import { addressRow } from '../drawing/address.ts'
import { jobName } from '../drawing/worker-cells.ts'
import type { Content, Page } from '../page.ts'
import { saidRows } from '../pane-words.ts'
import type { Row, Span } from '../drawing/row.ts'
import { cut } from '../drawing/text.ts'
import { terminalColour } from '../drawing/terminal-colour.ts'

/** Characters from dark to light, for terminals without colours. */
const SHADES = [' ', '░', '▒', '▓', '█']
const ASCII_SHADES = [' ', '.', ':', '-', '=', '+', '*', '#', '%', '@']

/**
 * Character that fills the upper half of a cell with the text's colour. The lower half has the
 * background's colour, so a cell shows two pixels.
 */
const HALF = '▀'

/**
 * Returns the picture of a worker's page in cells, below a line about the operator's keys in the
 * page.
 */
export function pictureContent(page: Page, worker: WorkerDocument, rect: Rect): Content {
  const { state, t } = page
  const inside = page.inside(rect)
  const picture = shownPicture(state)
  const title = `${t.words.panes.picture} ${jobName(worker)}`
  const status = statusRow(page, worker, inside.width)
  if (picture === undefined) {
    const { pictureEnded, picture: none } = t.words.empty
    const ended = worker.state === 'exited'
    const said = saidRows(page, ended ? pictureEnded : none, inside.width)
    return { title, rows: ended && !isTyping(state) ? said : [status, ...said] }
  }
  const { columns, rows } = cellsOfPicture(picture)
  const target = { type: 'picture', column: 0, row: 0 } as const
  page.hits.push({ left: inside.left, top: inside.top + 2, width: columns, height: rows, target })
  return {
    title,
    note: [page.span(t.clock(picture.at), 'muted')],
    rows: [status, addressRow(page, picture.page.address, inside.width), ...pictureRows(page, picture)],
  }
}

function statusRow(page: Page, worker: WorkerDocument, width: number): Row {
  const { state, t } = page
  const words = t.words.pictureLine
  const { waiting } = worker
  if (isTyping(state)) {
    const isHeld = typedPlace(state) === undefined
    const text = isHeld ? words[state.picture?.typing?.over ?? 'held'] : words.typing
    return [page.span(cut(`▶ ${text}`, width), isHeld ? 'bad' : 'selected')]
  }
  if (worker.state === 'exited') return [page.span(cut(t.words.unavailable.workerEnded, width), 'muted')]
  if (waiting === undefined) {
    const kept = keptWords(worker, t.words, at => t.clock(at))
    return [page.span(cut(kept ?? words.watching, width), kept === undefined ? 'muted' : 'warn')]
  }
  const times = t.ratio(state.now - waiting.since, waiting.deadlineAt - waiting.since)
  return [page.span(cut(`◆ ${waitingWords(waiting, t.words)}  ${times}`, width), 'warn')]
}

function pictureRows(page: Page, picture: Picture): Row[] {
  const { columns, rows } = cellsOfPicture(picture)
  const { state } = page
  const grey = state.ascii ? ASCII_SHADES : state.theme === 'plain' ? SHADES : null
  const styles = new Map<number, Style>()
  const cursor: Span = {
    text: state.ascii ? 'X' : '┼',
    style: { ...page.style('text'), inverse: true, bold: true },
  }
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column): Span => {
      if (state.picture?.column === column && state.picture.row === row) return cursor
      const above = pixel(picture, column, row * 2)
      const below = row * 2 + 1 < picture.height ? pixel(picture, column, row * 2 + 1) : above
      if (grey !== null) return page.span(shade(grey, above, below))
      return { text: HALF, style: styleOf(styles, terminalColour(...above), terminalColour(...below)) }
    }),
  )
}

type Rgb = readonly [red: number, green: number, blue: number]

function pixel({ width, rgb }: Picture, column: number, row: number): Rgb {
  const at = (row * width + column) * 3
  return [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0]
}

function shade(signs: readonly string[], above: Rgb, below: Rgb): string {
  const light = (luminance(above) + luminance(below)) / 2 / 256
  return signs[Math.floor(light * signs.length)] ?? ' '
}

/** Returns the perceived brightness of a colour (Rec. 601). */
const luminance = ([red, green, blue]: Rgb) => 0.299 * red + 0.587 * green + 0.114 * blue

/**
 * Returns the style for two colours. The same colours get the same object, so that neighbouring
 * cells are drawn as one span.
 */
function styleOf(styles: Map<number, Style>, fg: number, bg: number): Style {
  const known = styles.get(fg * 256 + bg)
  if (known !== undefined) return known
  const style: Style = { fg, bg, bold: false, underline: false, inverse: false }
  styles.set(fg * 256 + bg, style)
  return style
}
