import { workflowsToStart } from '../forms/start-form.ts'
import type { StartChoice } from '../overlays/overlay-state.ts'
import { boxRegion } from './drawing/box.ts'
import {
  NAME,
  SAID_ROWS,
  SAID_ROWS_NARROW,
  SENTENCE_FROM,
  WIDEST_CHOICE,
  pressable,
  roomOf,
  saidWhole,
  widthOf,
} from './drawing/overlay-rows.ts'
import type { Page } from './page.ts'
import { lineRow } from './overlays/prompt.ts'
import type { Region, Row } from './drawing/row.ts'
import { fitRow, highlighted } from './drawing/row.ts'
import { cut, fit, textWidth } from './drawing/text.ts'

/**
 * Returns the list of workflows that can be started: a box over everything, with the description of
 * the chosen workflow below if its row has no room for it.
 */
export function startChoiceRegion(page: Page, overlay: StartChoice): Region {
  const { dialog } = page.t.words
  const width = widthOf(page, WIDEST_CHOICE)
  const narrow = width < SENTENCE_FROM
  const said = narrow ? SAID_ROWS_NARROW : SAID_ROWS
  const workflows = workflowsToStart(page.state, overlay)
  const room = roomOf(page, Math.max(1, workflows.length), 1 + said + (narrow ? 0 : 1))
  const start = Math.max(0, Math.min(overlay.choice - Math.floor(room / 2), workflows.length - room))
  const shown = workflows.slice(start, start + room)
  const beside = narrow ? 0 : width - NAME - 3
  const rows = shown.map(({ name, summary }, index): Row => {
    const here = start + index === overlay.choice
    const row = [
      page.span(here ? '› ' : '  ', 'key'),
      page.span(`${fit(name, narrow ? width - 2 : NAME)} `, 'title'),
      page.span(cut(summary, beside), 'muted'),
    ]
    const fitted = fitRow(row, width, page.style('text'))
    return here ? highlighted(fitted, page.style('selected')) : fitted
  })
  const none: Row[] = rows.length === 0 ? [[page.span(page.t.words.empty.workflows, 'muted')]] : []
  const line = [page.span('/ ', 'brand'), ...lineRow(page, overlay.line, Math.max(1, width - 2))]
  const summary = workflows[overlay.choice]?.summary ?? ''
  const whole = saidWhole(page, textWidth(summary) > beside ? summary : '', width, said)
  const hint = narrow ? [] : [[page.span(cut(dialog.choosePalette, width), 'muted')]]
  const content = [line, ...rows, ...none, ...whole, ...hint]
  const region = boxRegion(page, dialog.startTitle, content, WIDEST_CHOICE)
  pressable(page, region, 1, start, shown.length)
  return region
}
