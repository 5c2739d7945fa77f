import type { Schedule } from '../../lib/model/schedule/schedule.ts'
import { sanitiseLine } from '../../lib/core/text/sanitise.ts'
import type { Rect } from '../layout.ts'
import { runsAhead } from '../details/schedule-next.ts'
import { attentionOf, jobsNeedingAttention, jobStateWords } from '../../lib/app/port/attention.ts'
import { whenWords } from '../details/schedule-words.ts'
import { JOB_MARKS, PAUSED_MARK, WAITING_MARKS } from './drawing/status-glyphs.ts'
import type { Content, Page } from './page.ts'
import { count, emptyWords } from './pane-words.ts'
import type { Row } from './drawing/row.ts'
import { listRows } from './drawing/table.ts'
import { cut } from './drawing/text.ts'

/** Returns the list of the schedules, with the next run and the outcome of the last run. */
export function schedulesContent(page: Page, rect: Rect): Content {
  const { t, state } = page
  const { schedules: words, panes, empty } = t.words
  const items = state.snapshot?.schedules ?? []
  const list = listRows<Schedule>(page, {
    ...{ pane: 'schedules', items, headed: true, id: ({ name }) => name },
    ...page.inside(rect),
    empty: emptyWords(page, empty.schedules),
    columns: [
      {
        ...{ title: words.columns.schedule, width: 14, grows: true, rank: 0 },
        cell: ({ name, paused }, cells) => [
          page.span(paused ? `${PAUSED_MARK.glyph} ` : '● ', paused ? PAUSED_MARK.role : 'good'),
          page.span(cut(name, cells - 2), 'title'),
        ],
      },
      {
        ...{ title: words.columns.workflow, width: 14, rank: 4 },
        cell: ({ workflow }, cells) => [page.span(cut(workflow, cells))],
      },
      {
        ...{ title: words.columns.when, width: 18, grows: true, rank: 2 },
        cell: (one, cells) => [page.span(cut(sanitiseLine(whenWords(one, words)), cells), 'key')],
      },
      {
        ...{ title: words.columns.next, width: 14, rank: 0 },
        cell: (one, cells) => {
          const [at] = runsAhead(one, state.now, 1)
          if (one.paused) return [page.span(cut(words.paused, cells), 'warn')]
          return [page.span(cut(at === undefined ? words.never : t.moment(at), cells))]
        },
      },
      {
        ...{ title: words.columns.last, width: 14, grows: true, rank: 1 },
        cell: (one, cells) => lastCell(page, one, cells),
      },
      {
        ...{ title: words.columns.from, width: 14, rank: 5 },
        cell: ({ source }, cells) => [page.span(cut(words.source[source], cells), 'muted')],
      },
    ],
  })
  return { title: panes.schedules, note: count(page, items.length), ...list }
}

/** Returns the state of the last run's job, or why the run has no job. */
function lastCell(page: Page, { last }: Schedule, cells: number): Row {
  if (last === null) return []
  const { jobId, jobState, outcome } = last
  const { words } = page.t
  const { schedules } = words
  if (outcome !== 'fired' || jobState === null || jobId === null) {
    return [page.span(cut(schedules.outcome[outcome], cells), outcome === 'fired' ? 'muted' : 'warn')]
  }
  const calls = jobsNeedingAttention(page.state.snapshot?.workers ?? [])
  const job = { id: jobId, state: jobState }
  const call = attentionOf(calls, job)
  const { glyph, role } = call === undefined ? JOB_MARKS[jobState] : WAITING_MARKS[call.for]
  return [page.span(cut(`${glyph} #${jobId} ${jobStateWords(job, calls, words)}`, cells), role)]
}
