import { formHint, formQuestion, formTitle } from '../../forms/form-purpose.ts'
import { textOf } from '../../line.ts'
import type { Line } from '../../line.ts'
import type { Form } from '../../overlays/overlay-state.ts'
import { BOX_BORDERS, boxRegion } from '../drawing/box.ts'
import { NAME, SAID_ROWS, WIDEST, pressable, roomOf, saidWhole, widthOf } from '../drawing/overlay-rows.ts'
import type { Page } from '../page.ts'
import { lineRow } from './prompt.ts'
import type { Region, Row } from '../drawing/row.ts'
import { cut, fit, wrap } from '../drawing/text.ts'

/**
 * Number of rows that stay visible above and below a form, on a screen with at least `MANY_ROWS`
 * rows.
 */
const BESIDE = 4
const MANY_ROWS = 20
/** Number of rows for the text about a field and for the keys. */
const OTHER_ROWS = SAID_ROWS + 1

/** Maximum number of lines of a question to a person. */
const QUESTION_ROWS = 3

const fieldsAtOnce = ({ size }: Page): number =>
  size.rows < MANY_ROWS ? size.rows : size.rows - BOX_BORDERS - OTHER_ROWS - BESIDE

/**
 * Returns the box of a form: the fields, the problem or the description of the field under the
 * cursor, and the keys.
 */
export function formRegion(page: Page, form: Form): Region {
  const { dialog } = page.t.words
  const width = widthOf(page)
  const { fields, focus } = form
  const question = wrap(formQuestion(form), width)
    .slice(0, QUESTION_ROWS)
    .map((line): Row => [page.span(line, 'title')])
  const others = OTHER_ROWS + question.length
  const room = roomOf(page, Math.max(1, fields.length), others, fieldsAtOnce(page))
  const start = Math.max(0, Math.min(focus - Math.floor(room / 2), fields.length - room))
  const shown = fields.slice(start, start + room)
  const rows = shown.map((_, index) => fieldRow(page, form, start + index, width))
  const none: Row[] = fields.length === 0 ? [[page.span(cut(dialog.noInput, width), 'muted')]] : []
  const hint = [page.span(cut(formHint(form, page.t.words), width), 'muted')]
  const content = [...question, ...rows, ...none, ...saidRows(page, form, width), hint]
  // The title shows the place of the cursor if some fields are out of sight.
  const place = room < fields.length ? ` ${focus + 1}/${fields.length}` : ''
  const region = boxRegion(page, `${formTitle(form, page.t.words)}${place}`, content, WIDEST)
  pressable(page, region, question.length, start, shown.length)
  return region
}

function fieldRow(page: Page, { fields, lines, problems, focus }: Form, index: number, width: number): Row {
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
        ? lineRow(page, field.secret ? masked(line) : line, room)
        : [page.span(cut(field.secret ? '•'.repeat(line.characters.length) : text, room))]
  return [
    page.span(here ? '› ' : '  ', 'key'),
    page.span(
      fit(`${field.label ?? field.name}${field.required ? ' *' : ''}`, name),
      here ? 'title' : 'muted',
    ),
    page.span(wrong ? '! ' : '  ', 'warn'),
    ...value,
  ]
}

/**
 * Returns the lines below the fields: why the command was refused, else the problem of the field
 * under the cursor, else the description of that field.
 */
function saidRows(page: Page, { answer, problems, fields, focus }: Form, width: number): Row[] {
  const problem = answer ?? problems[focus] ?? null
  if (problem !== null) return saidWhole(page, `! ${problem}`, width, SAID_ROWS, 'warn')
  return saidWhole(page, fields[focus]?.description ?? '', width, SAID_ROWS)
}

/** Returns the line with each character masked, so that only its length is visible. */
const masked = ({ characters, cursor }: Line): Line => ({ characters: characters.map(() => '•'), cursor })
