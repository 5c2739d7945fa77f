import type { CrashSummary } from '../../lib/domain/crash.ts'
import { formatPhase } from '../../lib/domain/phase.ts'
import { showTraceCommand } from '../../lib/domain/trace-order.ts'
import type { Rect } from '../layout.ts'
import type { Content, Page } from './page.ts'
import { emptyWords, markNote } from './pane-words.ts'
import { listRows } from './table.ts'
import type { Column } from './table.ts'
import { cut } from './text.ts'

/** The last crashes: where, and why. */
export function crashesContent(page: Page, rect: Rect): Content {
  const { t, state } = page
  const { columns: titles, ...words } = t.words
  const { width, height } = page.inside(rect)
  const columns: Column<CrashSummary>[] = [
    { title: titles.when, width: 8, rank: 1, cell: ({ at }) => [page.span(t.clock(at), 'muted')] },
    {
      title: titles.job,
      width: 5,
      rank: 0,
      cell: ({ jobId }) => [page.span(`#${jobId}`, 'title')],
    },
    {
      title: titles.phase,
      width: 14,
      grows: true,
      rank: 3,
      cell: ({ phase }, cells) => [
        page.span(phase === null ? '' : cut(formatPhase(phase, t.words.phaseTry), cells)),
      ],
    },
    {
      title: titles.error,
      width: 12,
      grows: true,
      rank: 0,
      cell: ({ errorName, message }, cells) => [page.span(cut(`✗ ${errorName}: ${message}`, cells), 'bad')],
    },
  ]
  const items = state.snapshot?.crashes ?? []
  const list = listRows(page, {
    pane: 'crashes',
    items,
    id: ({ id }) => String(id),
    columns,
    width,
    height,
    headed: state.screen === 'crashes',
    empty: emptyWords(page, words.empty.crashes),
  })
  return { title: words.panes.crashes, note: markNote(page, 'crashes', items.length), ...list }
}

function artefactsOf({ artefacts }: CrashSummary, wanted: string): string[] {
  return artefacts.filter(({ kind }) => kind === wanted).map(({ path }) => path)
}

/** The crash that is selected, whole. */
export function crashContent(
  page: Page,
  crash: CrashSummary | undefined,
): { rows: Content['rows']; title: string } {
  const { t } = page
  const { facts, panes } = t.words
  if (crash === undefined) return { title: panes.crash, rows: [] }
  const line = (label: string, value: string) => page.fact(label, value, 10)
  return {
    title: `${panes.crash} ${crash.id}`,
    rows: [
      line(facts.error, `${crash.errorName} (${crash.errorCode})`),
      line('', crash.message),
      line(facts.phase, crash.phase === null ? '' : formatPhase(crash.phase, t.words.phaseTry)),
      line(facts.job, `#${crash.jobId} ${crash.workflow}, ${facts.attempt(crash.attempt)}`),
      line(facts.member, `${crash.member} (${crash.workerId})`),
      line(t.words.columns.when, t.moment(crash.at)),
      ...artefactsOf(crash, 'screenshots').map(path => line(facts.picture, path)),
      ...artefactsOf(crash, 'traces').map(path => line(facts.trace, showTraceCommand(path))),
    ],
  }
}
