import { workflowsToStart } from '../start-form.ts'
import type { StartChoice, StartForm } from '../state.ts'
import { textOf } from '../line.ts'
import { BOX_BORDERS, BOX_SIDES, boxRegion } from './box.ts'
import type { Page } from './page.ts'
import { lineRow } from './prompt.ts'
import type { Region, Row } from './row.ts'
import { fitRow, highlighted } from './row.ts'
import { cut, fit } from './text.ts'

const WIDEST = 76
const MOST_ROWS = 14
const OTHER_ROWS = 2
const NAME = 22

const roomOf = (page: Page, wanted: number) =>
  Math.max(1, Math.min(MOST_ROWS, wanted, page.size.rows - BOX_BORDERS - OTHER_ROWS))

const widthOf = (page: Page) => Math.max(1, Math.min(WIDEST, page.size.columns) - BOX_SIDES)

/** Makes the rows that are shown clickable: each is what `index` says. */
function pressable(page: Page, region: Region, above: number, start: number, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const { left, top, width } = region
    const target = { type: 'option', index: start + index } as const
    page.hits.push({ left, top: top + 1 + above + index, width, height: 1, target })
  }
}

/** The workflows that can be started, in a box over everything. */
export function startChoiceRegion(page: Page, overlay: StartChoice): Region {
  const { dialog } = page.t.words
  const width = widthOf(page)
  const workflows = workflowsToStart(page.state, overlay)
  const room = roomOf(page, Math.max(1, workflows.length))
  const start = Math.max(0, Math.min(overlay.choice - Math.floor(room / 2), workflows.length - room))
  const shown = workflows.slice(start, start + room)
  const rows = shown.map(({ name, summary }, index): Row => {
    const here = start + index === overlay.choice
    const row = [
      page.span(here ? '› ' : '  ', 'key'),
      page.span(`${fit(name, NAME)} `, 'title'),
      page.span(cut(summary, Math.max(0, width - NAME - 3)), 'muted'),
    ]
    const fitted = fitRow(row, width, page.style('text'))
    return here ? highlighted(fitted, page.style('selected')) : fitted
  })
  const none: Row[] = rows.length === 0 ? [[page.span(page.t.words.empty.workflows, 'muted')]] : []
  const line = [page.span('/ ', 'brand'), ...lineRow(page, overlay.line, Math.max(1, width - 2))]
  const hint = [page.span(cut(dialog.choosePalette, width), 'muted')]
  const region = boxRegion(page, dialog.startTitle, [line, ...rows, ...none, hint], WIDEST)
  pressable(page, region, 1, start, shown.length)
  return region
}

/** The form of a workflow's input: its fields, what is wrong with or said of the one under the cursor, what the keys do. */
export function formRegion(page: Page, form: StartForm): Region {
  const { dialog } = page.t.words
  const width = widthOf(page)
  const { fields, focus } = form
  const room = roomOf(page, Math.max(1, fields.length))
  const start = Math.max(0, Math.min(focus - Math.floor(room / 2), fields.length - room))
  const shown = fields.slice(start, start + room)
  const rows = shown.map((_, index) => fieldRow(page, form, start + index, width))
  const none: Row[] = fields.length === 0 ? [[page.span(cut(dialog.noInput, width), 'muted')]] : []
  const hint = [page.span(cut(form.asked === null ? dialog.formHint : dialog.formAsked, width), 'muted')]
  const content = [...rows, ...none, saidRow(page, form, width), hint]
  const region = boxRegion(page, dialog.formTitle(form.workflow), content, WIDEST)
  pressable(page, region, 0, start, shown.length)
  return region
}

function fieldRow(
  page: Page,
  { fields, lines, problems, focus }: StartForm,
  index: number,
  width: number,
): Row {
  const field = fields[index]
  const line = lines[index]
  if (field === undefined || line === undefined) return []
  const here = index === focus
  const name = Math.min(NAME, Math.floor(width / 2))
  const wrong = (problems[index] ?? null) !== null
  const room = Math.max(1, width - name - 4)
  const text = textOf(line)
  const value: Row =
    field.kind === 'choice'
      ? [page.span(cut(here ? `‹ ${text} ›` : text, room), here ? 'key' : 'text')]
      : here
        ? lineRow(page, line, room)
        : [page.span(cut(text, room))]
  return [
    page.span(here ? '› ' : '  ', 'key'),
    page.span(fit(`${field.name}${field.required ? ' *' : ''}`, name), here ? 'title' : 'muted'),
    page.span(wrong ? '! ' : '  ', 'warn'),
    ...value,
  ]
}

/** What the catalogue answered, else what is wrong with the field under the cursor, else what it is. */
function saidRow(page: Page, { answer, problems, fields, focus }: StartForm, width: number): Row {
  const problem = answer ?? problems[focus] ?? null
  if (problem !== null) return [page.span(cut(`! ${problem}`, width), 'warn')]
  return [page.span(cut(fields[focus]?.description ?? '', width), 'muted')]
}
