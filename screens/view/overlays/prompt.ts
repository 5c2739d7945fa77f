import type { Line } from '../../line.ts'
import type { Prompt } from '../../overlays/overlay-state.ts'
import type { Page } from '../page.ts'
import type { Row } from '../drawing/row.ts'
import { fitRow, rowWidth } from '../drawing/row.ts'
import { cellsOf, cut } from '../drawing/text.ts'

/**
 * Returns the part of a typed line around its cursor that fits into `width` cells. The cursor is
 * highlighted.
 */
export function lineRow(page: Page, { characters, cursor }: Line, width: number): Row {
  const cells = characters.map(character => cellsOf(character).length)
  // The cursor may be after the last character.
  let from = cursor
  let taken = Math.max(1, cells[cursor] ?? 1)
  while (from > 0 && taken + (cells[from - 1] ?? 0) <= width) {
    from -= 1
    taken += cells[from] ?? 0
  }
  const row = [
    page.span(characters.slice(from, cursor).join('')),
    { text: characters[cursor] ?? ' ', style: page.style('selected') },
    page.span(characters.slice(cursor + 1).join('')),
  ]
  return fitRow(row, width, page.style('text'))
}

/** Returns the rows of the prompt: its question with the typed line, and the keys. */
export function promptRows(page: Page, prompt: Prompt, width: number): Row[] {
  const { words } = page.t
  const label: Row = [page.span(` ${words.prompt[prompt.type]} `, 'brand')]
  const said = !('regex' in prompt) ? '' : prompt.regex ? words.prompt.regex : words.prompt.text
  const kind: Row = said === '' ? [] : [page.span(` ${said} `, 'muted')]
  const roomy = width >= rowWidth(label) + rowWidth(kind) + LEAST_LINE
  const taken = rowWidth(label) + (roomy ? rowWidth(kind) : 0)
  const line = lineRow(page, prompt.line, Math.max(1, width - taken))
  const problem = 'problem' in prompt ? prompt.problem : null
  const told =
    problem !== null
      ? page.span(` ! ${cut(problem, width - 4)}`, 'warn')
      : page.span(` ${cut(hintOf(page, prompt), width - 2)}`, 'muted')
  return [
    fitRow([...label, ...line, ...(roomy ? kind : [])], width, page.style('text')),
    fitRow([told], width, page.style('text')),
  ]
}

function hintOf(page: Page, { type }: Prompt): string {
  const { hint, jobsHint, rowsHint } = page.t.words.prompt
  if (type === 'jobs') return jobsHint
  return type === 'rows' ? rowsHint : hint
}

/**
 * Minimum width of the line in cells. The kind of the pattern is not shown if the line would be
 * shorter.
 */
const LEAST_LINE = 16
