import { workflowsToStart } from '../start-form.ts'
import type { StartChoice } from '../overlay-state.ts'
import { boxRegion } from './box.ts'
import { NAME, WIDEST, pressable, roomOf, widthOf } from './overlay-rows.ts'
import type { Page } from './page.ts'
import { lineRow } from './prompt.ts'
import type { Region, Row } from './row.ts'
import { fitRow, highlighted } from './row.ts'
import { cut, fit } from './text.ts'

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
