import type { Translator } from '../../lib/locales/translator.ts'
import { isFlat } from '../layout.ts'
import type { Rect } from '../layout.ts'
import type { ListPane, PaneName } from '../panes.ts'
import type { Size, State } from '../state.ts'
import { focusedPane } from '../state.ts'
import type { Role, Theme } from '../theme.ts'
import { Canvas } from './drawing/canvas.ts'
import type { Chart, Hit, Row, Span } from './drawing/row.ts'
import { rowWidth } from './drawing/row.ts'
import { cut, fit } from './drawing/text.ts'

/** Content of a pane, before its frame. */
export interface Content {
  readonly title: string
  /** Text at the right end of the title's row. */
  readonly note?: Row
  readonly rows: readonly Row[]
  /**
   * Ids of the rows, from the row with the index `first` on; absent if the rows cannot be selected.
   */
  readonly ids?: { readonly pane: ListPane; readonly first: number; readonly ids: readonly string[] }
}

/** Context in which the parts of a view are drawn. */
export class Page {
  readonly state: State
  readonly size: Size
  readonly t: Translator
  readonly canvas: Canvas
  readonly hits: Hit[] = []
  chart: Chart | null = null
  private readonly theme: Theme

  constructor(state: State, size: Size, theme: Theme, t: Translator, body: Rect) {
    this.state = state
    this.size = size
    this.theme = theme
    this.t = t
    this.canvas = new Canvas(body, theme.roles.text)
  }

  span(text: string, role: Role = 'text'): Span {
    return { text, style: this.theme.roles[role] }
  }

  style(role: Role) {
    return this.theme.roles[role]
  }

  /** Returns the rectangle of the content within a pane. */
  inside(rect: Rect): Rect {
    if (isFlat(this.size)) return { ...rect, top: rect.top + 1, height: Math.max(0, rect.height - 1) }
    return {
      left: rect.left + 2,
      top: rect.top + 1,
      width: Math.max(0, rect.width - 4),
      height: Math.max(0, rect.height - 2),
    }
  }

  /** Draws a pane: its frame, its title and its rows. */
  pane(rect: Rect, name: PaneName | null, content: Content): void {
    const focused = name !== null && focusedPane(this.state) === name
    if (name !== null) this.hits.push({ ...rect, target: { type: 'pane', pane: name } })
    this.frame(this.canvas, rect, content, focused)
    const inside = this.inside(rect)
    content.rows.slice(0, inside.height).forEach((row, index) => {
      this.canvas.put(inside.left, inside.top + index, inside.width, row)
    })
    content.ids?.ids.forEach((id, index) => {
      const line = (content.ids?.first ?? 0) + index
      if (line >= inside.height || content.ids === undefined) return
      const target = { type: 'row', pane: content.ids.pane, id } as const
      this.hits.push({ ...inside, top: inside.top + line, height: 1, target })
    })
  }

  /**
   * Draws a frame with a title and a note. On a small screen it draws only a line with the title.
   */
  frame(
    canvas: Canvas,
    rect: Rect,
    { title, note = [] }: Content,
    focused: boolean,
    flat = isFlat(this.size),
  ): void {
    const { left, top, width, height } = rect
    const role = focused ? 'focus' : 'border'
    const titleWidth = Math.max(0, width - 4)
    const noted = rowWidth(note) + 6 <= width - cut(title, titleWidth).length ? note : []
    const named = this.span(` ${cut(title, titleWidth - 2)} `, focused ? 'brand' : 'title')
    const gap = noted.length === 0 ? [] : [this.span(' ', role)]
    const heading = [
      named,
      ...this.rule(width - rowWidth([named]) - rowWidth(noted) - gap.length * 2 - 4, role),
    ]
    const [corner, end] = flat ? ['──', '──'] : ['╭─', '─╮']
    canvas.put(left, top, width, [
      this.span(corner, role),
      ...heading,
      ...gap,
      ...noted,
      ...gap,
      this.span(end, role),
    ])
    if (flat) return
    for (let line = 1; line < height - 1; line += 1) {
      canvas.put(left, top + line, width, [
        this.span('│', role),
        this.span(' '.repeat(Math.max(0, width - 2))),
        this.span('│', role),
      ])
    }
    if (height > 1)
      canvas.put(left, top + height - 1, width, [this.span(`╰${'─'.repeat(Math.max(0, width - 2))}╯`, role)])
  }

  private rule(width: number, role: Role): Row {
    return width > 0 ? [this.span('─'.repeat(width), role)] : []
  }

  /** Returns a bar of `width` cells, filled by a share from 0 to 1. */
  bar(share: number, width: number, role: Role): Row {
    const filled = Math.round(Math.max(0, Math.min(1, share)) * width)
    return [this.span('━'.repeat(filled), role), this.span('─'.repeat(width - filled), 'track')]
  }

  /** Returns `Label   value`, with the label in a column of its own. */
  fact(label: string, value: string, labelWidth: number, role: Role = 'text'): Row {
    return [this.span(fit(label, labelWidth), 'muted'), this.span(' '), this.span(value, role)]
  }
}
