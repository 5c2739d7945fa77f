import type { CrashSummary } from '../../lib/model/failure/crash.ts'
import { formatPhase } from '../../lib/model/job/phase.ts'
import { sanitiseLine } from '../../lib/core/text/sanitise.ts'
import type { Translator } from '../../lib/locales/translator.ts'
import { crashEntries } from '../details/crash-entries.ts'
import { crashRows } from '../lists/crash-rows.ts'
import type { CrashRow } from '../lists/crash-rows.ts'
import type { Rect } from '../layout.ts'
import { selectedCrash } from '../selection.ts'
import type { RecordEntry } from '../overlays/overlay-state.ts'
import type { Content, Page } from './page.ts'
import { emptyWords, markNote } from './pane-words.ts'
import { listRows } from './drawing/table.ts'
import type { Column } from './drawing/table.ts'
import { cut, wrap } from './drawing/text.ts'

/** Returns the list of the last crashes, with place and reason. */
export function crashesContent(page: Page, rect: Rect): Content {
  const { t, state } = page
  const { columns: titles, ...words } = t.words
  const { width, height } = page.inside(rect)
  const headed = state.screen === 'crashes'
  const columns: Column<CrashRow>[] = [
    {
      title: titles.when,
      width: 8,
      rank: 1,
      cell: row => [page.span(t.clock(newest(row).at), 'muted')],
    },
    {
      title: titles.job,
      // The heading is wider than the numbers.
      width: headed ? 6 : 5,
      rank: 0,
      cell: row =>
        row.type === 'crash'
          ? [page.span(`#${row.crash.jobId}`, 'title')]
          : [page.span(`${row.open ? '▾' : '▸'} ×${row.crashes.length}`, 'key')],
    },
    {
      title: titles.where,
      width: 14,
      grows: true,
      rank: 3,
      cell: (row, cells) => [page.span(cut(placeWords(row, t), cells))],
    },
    {
      title: titles.error,
      width: 12,
      grows: true,
      rank: 0,
      cell: (row, cells) => {
        const { errorName, message } = newest(row)
        const indent = row.type === 'crash' && row.within ? '  ' : ''
        return [page.span(cut(`${indent}✗ ${errorName}: ${message}`, cells), 'bad')]
      },
    },
  ]
  const items = crashRows(state)
  const list = listRows<CrashRow>(page, {
    pane: 'crashes',
    items,
    marked: row =>
      (row.type === 'crash' ? [row.crash] : row.crashes).every(({ id }) =>
        state.marked.crashes.includes(String(id)),
      ),
    id: ({ id }) => id,
    columns,
    width,
    height,
    headed,
    empty: emptyWords(page, words.empty.crashes),
  })
  return {
    title: words.panes.crashes,
    note: markNote(page, 'crashes', state.snapshot?.crashes.length ?? 0),
    ...list,
  }
}

const newest = (row: CrashRow): CrashSummary => (row.type === 'crash' ? row.crash : row.crashes[0])

/**
 * Returns the place of a crash: its phase, or for a cause the line in the author's code, if that
 * line is known.
 */
function placeWords(row: CrashRow, { words }: Translator): string {
  const { phase, frame } = newest(row)
  if (row.type === 'cause' && frame !== null) return frame
  return phase === null ? '' : formatPhase(phase, words.phaseTry)
}

/** Returns all facts of the selected crash. Enter shows the facts that do not fit. */
export function crashContent(page: Page, rect: Rect): Content {
  const { t, state } = page
  const { panes } = t.words
  const crash = selectedCrash(state)
  if (crash === undefined) return { title: panes.crash, rows: [] }
  const { detail } = state.crash
  const entries = detail?.report.id === crash.id ? crashEntries(detail, t, 'own') : summaryEntries(crash, t)
  const { width } = page.inside(rect)
  const label = Math.min(12, Math.max(...entries.map(({ name }) => name.length)))
  return {
    title: `${panes.crash} ${crash.id}`,
    rows: entries.flatMap(({ name, text }) =>
      text
        .split('\n')
        .flatMap(line => wrap(line, Math.max(1, width - label - 1)))
        .slice(0, MOST_LINES)
        .map((line, index) => page.fact(index === 0 ? name : '', line, label)),
    ),
  }
}

/** Maximum number of lines of one part. Enter shows the rest. */
const MOST_LINES = 6

/** Returns the facts of a crash before its report has been read. */
function summaryEntries(crash: CrashSummary, t: Translator): readonly RecordEntry[] {
  const { labels } = t.words
  return [
    { name: labels.error, text: sanitiseLine(`${crash.errorName} (${crash.errorCode}): ${crash.message}`) },
    { name: labels.phase, text: crash.phase === null ? '–' : formatPhase(crash.phase, t.words.phaseTry) },
    { name: labels.job, text: `#${crash.jobId} ${crash.workflow}, ${labels.attempt(crash.attempt)}` },
  ]
}
