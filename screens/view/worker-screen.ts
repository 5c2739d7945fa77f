import type { WorkerDocument } from '../../lib/model/worker/documents.ts'
import type { PhaseRecord } from '../../lib/model/job/phase.ts'
import { isFlat, layoutOf } from '../layout.ts'
import type { Rect } from '../layout.ts'
import type { Role } from '../theme.ts'
import { keptWords } from '../../lib/locales/format/kept-words.ts'
import { useOf } from '../../lib/locales/format/machine-use-words.ts'
import { waitingWords } from '../../lib/locales/format/waiting-words.ts'
import { PHASE_MARKS } from './drawing/status-glyphs.ts'
import type { Content, Page } from './page.ts'
import { saidRows } from './pane-words.ts'
import type { Row } from './drawing/row.ts'
import { tableOf } from './drawing/table.ts'
import type { Column } from './drawing/table.ts'
import { cut, wrap } from './drawing/text.ts'
import { jobName, phaseTime, readiness, timeRole, workerState, workerTime } from './drawing/worker-cells.ts'

const LABEL = 12

/** Returns the facts of a worker: its job, its process, its browser, its files. */
export function factsContent(page: Page, worker: WorkerDocument, rect: Rect): Content {
  const { t, state } = page
  const { labels, panes } = t.words
  const { width, height } = page.inside(rect)
  const line = (label: string, value: string): Row[] =>
    wrap(value, Math.max(8, width - LABEL - 1)).map((part, index) =>
      page.fact(index === 0 ? label : '', part, LABEL),
    )
  const { browser, job } = worker
  const how = job === null ? '' : `, ${labels.start[job.start]}`
  const jobLines = () =>
    job === null
      ? [...line(labels.job, readiness(page, worker)), ...line(labels.member, worker.workerId)]
      : [
          ...line(labels.job, `${jobName(worker)}, ${labels.attempt(job.attempt)}`),
          ...line(labels.workflow, job.workflow),
          ...line(labels.member, `${labels.memberOf(job.member, job.members)}, ${worker.workerId}`),
        ]
  const kept = keptWords(worker, t.words, at => t.clock(at))
  const rows: Row[] = [
    [...page.fact(labels.state, '', LABEL), ...workerState(page, worker)],
    ...(worker.waiting === undefined ? [] : line('', waitingWords(worker.waiting, t.words))),
    ...(kept === undefined ? [] : line('', kept)),
    ...jobLines(),
    ...line(labels.started, `${labels.ago(t.duration(state.now - worker.startedAt))}${how}`),
    ...line(labels.lastSign, labels.ago(t.duration(state.now - worker.updatedAt))),
    ...line(labels.process, [`${worker.pid}`, ...useOf(worker, t)].join(', ')),
    ...line(labels.log, worker.log),
    ...line(labels.page, worker.url ?? ''),
    ...line(labels.browser, browser?.version ?? ''),
    ...(browser === null || browser.devtools === null ? [] : line(labels.devtools, browser.devtools)),
    ...line(labels.profile, inProject(browser?.profile ?? '', state.snapshot?.root)),
  ]
  const start = Math.max(0, Math.min(state.offsets.facts, rows.length - height))
  return { title: `${panes.facts} ${jobName(worker)}`, rows: rows.slice(start) }
}

/** Returns a path relative to the project. A path outside of the project is returned unchanged. */
function inProject(path: string, root = ''): string {
  const inside = root !== '' && path.startsWith(root) && /^[\\/]/.test(path.slice(root.length))
  return inside ? path.slice(root.length + 1) : path
}

/** Line of the timeline: a phase that has ended, that runs, or that is still to come. */
interface Entry {
  readonly index: number
  readonly count: number
  readonly name: string
  readonly step: string
  readonly status: keyof typeof PHASE_MARKS
  readonly durationMs: number | null
}

/**
 * Returns the timeline: every phase of the worker with its duration. The phases that are still to
 * come are known from the workflow's description.
 */
export function timelineContent(page: Page, worker: WorkerDocument, rect: Rect): Content {
  const { t, state } = page
  const { columns: titles, phaseStatus, panes, empty } = t.words
  const { width, height } = page.inside(rect)
  const columns: Column<Entry>[] = [
    {
      title: titles.state,
      width: 12,
      rank: 2,
      cell: ({ status }) => [
        page.span(`${PHASE_MARKS[status].glyph} ${phaseStatus[status]}`, PHASE_MARKS[status].role),
      ],
    },
    {
      title: titles.phase,
      width: 14,
      grows: true,
      rank: 0,
      cell: ({ index, count, name, status }, cells) => [
        page.span(`${index}/${count} `, 'muted'),
        page.span(cut(name, cells - 4), nameRole(status)),
      ],
    },
    {
      title: titles.duration,
      width: 11,
      align: 'right',
      rank: 1,
      cell: ({ durationMs }) => [page.span(durationMs === null ? '' : t.duration(durationMs), 'muted')],
    },
    {
      title: titles.step,
      width: 16,
      grows: true,
      rank: 3,
      cell: ({ step }, cells) => [page.span(cut(step, cells), 'muted')],
    },
  ]
  const table = tableOf(page, columns, width)
  const all = entries(page, worker)
  const head = height > 4 ? [table.head] : []
  const live = worker.phase === null || isFlat(page.size) ? [] : liveRows(page, worker, width)
  const visible = Math.max(1, height - head.length - live.length)
  const start = Math.max(0, Math.min(state.offsets.timeline, all.length - visible))
  const rows = all.slice(start, start + visible).map(entry => table.row(entry))
  const none = all.length === 0 ? saidRows(page, empty.phases, width) : []
  return { title: `${panes.timeline} ${jobName(worker)}`, rows: [...head, ...rows, ...none, ...live] }
}

/** Returns the running phase in detail: its step, and its time against its limit. */
function liveRows(page: Page, worker: WorkerDocument, width: number): Row[] {
  const { phase } = worker
  if (phase === null) return []
  const { elapsedMs, limitMs } = phaseTime(worker, page.state.now)
  const { labels } = page.t.words
  return [
    [],
    [
      page.span(
        cut(phase.step === '' ? phase.name : phase.step, width),
        timeRole(elapsedMs / limitMs) === 'bar' ? 'title' : 'warn',
      ),
    ],
    [
      ...workerTime(page, worker, Math.min(width, 48)),
      page.span(`  ${labels.limit(page.t.duration(limitMs))}`, 'muted'),
    ],
  ]
}

function nameRole(status: Entry['status']): Role {
  if (status === 'live') return 'title'
  return status === 'ahead' ? 'muted' : 'text'
}

function entries(page: Page, worker: WorkerDocument): Entry[] {
  const past = worker.history.map((record: PhaseRecord) => ({
    ...record,
    durationMs: record.endedAt - record.startedAt,
  }))
  const { phase } = worker
  const live: Entry[] =
    phase === null
      ? []
      : [{ ...phase, status: 'live', durationMs: phaseTime(worker, page.state.now).elapsedMs }]
  const known = page.state.snapshot?.scheduler?.workflows.find(({ name }) => name === worker.job?.workflow)
  const reached = Math.max(0, ...[...past, ...live].map(({ index }) => index))
  const phases = known?.phases ?? []
  const ahead: Entry[] = phases.slice(reached).map(({ name }, index) => ({
    index: reached + index + 1,
    count: phases.length,
    name,
    step: '',
    status: 'ahead',
    durationMs: null,
  }))
  return [...past, ...live, ...(worker.outcome === null ? ahead : [])]
}

/** Draws the worker screen without a worker. */
export function noWorker(page: Page): void {
  const { body } = layoutOf(page.state, page.size)
  page.pane(body, null, {
    title: page.t.words.panes.facts,
    rows: saidRows(page, page.t.words.empty.worker, page.inside(body).width),
  })
}
