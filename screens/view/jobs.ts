import type { JobSummary } from '../../lib/model/job/job.ts'
import { jobMessage } from '../../lib/locales/format/wait-reason-words.ts'
import { missingWorkflowWords } from '../../lib/locales/format/missing-workflow-words.ts'
import { pauseOf } from '../lists/domain-pause.ts'
import { missingOf } from '../../lib/app/port/missing-workflow.ts'
import { attentionOf, jobsNeedingAttention, jobStateWords } from '../../lib/app/port/attention.ts'
import { visibleJobs } from '../lists/visible-jobs.ts'
import type { Rect } from '../layout.ts'
import type { State } from '../state.ts'
import { waitingBeside } from '../../lib/locales/format/waiting-words.ts'
import { JOB_MARKS, WAITING_MARKS } from './drawing/status-glyphs.ts'
import type { Content, Page } from './page.ts'
import { emptyWords, markNote } from './pane-words.ts'
import { listRows } from './drawing/table.ts'
import type { Column } from './drawing/table.ts'
import { cut } from './drawing/text.ts'

/** Width in cells of the longest state in any language, with its glyph. */
const STATE_CELLS = 13

/**
 * Minimum width in cells of the column with the workflow's name. `WORKFLOW_LEAST_CELLS` applies if
 * a column of priorities is next to it in a list that is narrower than `LITTLE_ROOM`.
 */
const WORKFLOW_CELLS = 14
const WORKFLOW_LEAST_CELLS = 9
const LITTLE_ROOM = 60

const FILTER_CELLS = 20

/**
 * Returns the list of the jobs, newest first. The list has a column of priorities if any job has a
 * priority.
 */
export function jobsContent(page: Page, rect: Rect): Content {
  const { t, state } = page
  const { columns: titles, ...words } = t.words
  const { width, height } = page.inside(rect)
  const items = visibleJobs(state)
  const calls = jobsNeedingAttention(state.snapshot?.workers ?? [])
  const prioritised = items.some(({ priority }) => priority !== 0)
  const priorities: Column<JobSummary> = {
    title: titles.priority,
    width: 4,
    align: 'right',
    rank: 0,
    cell: ({ priority }) => [page.span(signed(priority), priority > 0 ? 'key' : 'muted')],
  }
  const columns: Column<JobSummary>[] = [
    {
      title: titles.state,
      width: STATE_CELLS,
      rank: 0,
      cell: job => {
        const call = attentionOf(calls, job)
        const { glyph, role } = call === undefined ? JOB_MARKS[job.state] : WAITING_MARKS[call.for]
        return [page.span(`${glyph} ${jobStateWords(job, calls, words)}`, role)]
      },
    },
    { title: titles.job, width: 6, rank: 0, cell: ({ id }) => [page.span(`#${id}`, 'title')] },
    {
      title: titles.workflow,
      width: prioritised && width < LITTLE_ROOM ? WORKFLOW_LEAST_CELLS : WORKFLOW_CELLS,
      grows: true,
      rank: 0,
      cell: ({ workflow }, cells) => [page.span(cut(workflow, cells))],
    },
    ...(prioritised ? [priorities] : []),
    {
      title: titles.attempt,
      width: 5,
      align: 'right',
      rank: 5,
      cell: ({ attempt }) => [page.span(String(attempt), 'muted')],
    },
    {
      title: titles.queued,
      width: 13,
      rank: 3,
      cell: ({ queuedAt }) => [page.span(t.moment(queuedAt), 'muted')],
    },
    {
      title: titles.took,
      width: 11,
      align: 'right',
      rank: 2,
      cell: job => {
        const ms = tookMs(job, state)
        return [page.span(ms === null ? '' : t.duration(ms), 'muted')]
      },
    },
    {
      title: titles.origin,
      width: 10,
      rank: 6,
      cell: ({ origin }, cells) => [page.span(cut(origin, cells), 'muted')],
    },
    {
      title: titles.error,
      width: 16,
      grows: true,
      rank: 4,
      cell: (job, cells) => {
        const { lateReports } = job
        const call = attentionOf(calls, job)
        if (call !== undefined) return [page.span(cut(waitingBeside(call, t.words), cells), 'warn')]
        const hold = pauseOf(job, state.snapshot?.scheduler ?? null, state.now)
        if (hold !== undefined)
          return [page.span(cut(words.domainWaits(hold.domain, t.clock(hold.until)), cells), 'warn')]
        const missing = missingOf(job, state.snapshot?.scheduler ?? null)
        if (missing !== undefined) return [page.span(cut(missingWorkflowWords(missing, t), cells), 'warn')]
        const message = jobMessage(job, words)
        return [
          message === '' && lateReports > 0
            ? page.span(cut(words.counts.late(lateReports), cells), 'muted')
            : page.span(cut(message, cells), 'bad'),
        ]
      },
    },
  ]
  const list = listRows(page, {
    pane: 'jobs',
    items,
    id: ({ id }) => String(id),
    columns,
    width,
    height,
    headed: true,
    empty: emptyWords(page, state.jobsFilter === '' ? words.empty.jobs : words.empty.jobsFiltered),
  })
  const filter =
    state.jobsFilter === '' ? [] : [page.span(`/${cut(state.jobsFilter, FILTER_CELLS)}  `, 'key')]
  return { title: words.panes.jobs, note: [...filter, ...markNote(page, 'jobs', items.length)], ...list }
}

/**
 * Returns for how many milliseconds a job has run, until its end or until now; null for a job that
 * waits, even after an earlier attempt.
 */
function tookMs({ state, startedAt, endedAt }: JobSummary, { snapshot, now }: State): number | null {
  if (startedAt === null) return null
  if (endedAt !== null) return endedAt - startedAt
  return state === 'running' && (snapshot?.scheduler ?? null) !== null ? now - startedAt : null
}

/** Returns a priority with its sign, `+10` or `-10`; empty for the default priority. */
const signed = (priority: number): string => (priority === 0 ? '' : `${priority > 0 ? '+' : ''}${priority}`)
