import { jobsWaiting } from '../../lib/app/port/snapshot.ts'
import type { WorkerDocument } from '../../lib/model/worker/documents.ts'
import type { Rect } from '../layout.ts'
import { lacksPackage, schedulerPhase } from '../../lib/app/port/scheduler-phase.ts'
import { occupiesSlot } from '../../lib/app/port/worker-slots.ts'
import type { Content, Page } from './page.ts'
import { count } from './pane-words.ts'
import { listRows } from './drawing/table.ts'
import type { Column } from './drawing/table.ts'
import type { Row } from './drawing/row.ts'
import { cut, wrap } from './drawing/text.ts'
import { jobName, workerPhase, workerState, workerTime } from './drawing/worker-cells.ts'

/** Returns the list of the workers. */
export function workersContent(page: Page, rect: Rect): Content {
  const { t, state } = page
  const { columns: titles, ...words } = t.words
  const { width, height } = page.inside(rect)
  const problem = state.snapshot?.problem ?? null
  if (problem !== null) return problemContent(page, problem, width)
  const roomy = width >= 100
  const columns: Column<WorkerDocument>[] = [
    { title: titles.state, width: width < 60 ? 11 : 14, rank: 0, cell: worker => workerState(page, worker) },
    {
      title: titles.job,
      width: width < 60 ? 7 : 9,
      rank: 0,
      cell: (worker, cells) => [page.span(cut(jobName(worker), cells), 'title')],
    },
    {
      title: titles.workflow,
      width: 16,
      rank: 4,
      cell: ({ job }, cells) => [page.span(cut(job?.workflow ?? '', cells))],
    },
    {
      title: titles.phase,
      width: 14,
      grows: true,
      rank: 0,
      cell: (worker, cells) => workerPhase(page, worker, cells),
    },
    {
      title: titles.time,
      width: roomy ? 22 : 16,
      rank: 2,
      cell: (worker, cells) => workerTime(page, worker, cells),
    },
    {
      title: titles.memory,
      width: 7,
      align: 'right',
      rank: 3,
      cell: ({ memoryBytes }) => [page.span(memoryBytes > 0 ? t.bytes(memoryBytes) : '', 'muted')],
    },
  ]
  const items = state.snapshot?.workers ?? []
  const list = listRows(page, {
    pane: 'workers',
    items,
    id: ({ workerId }) => workerId,
    columns,
    width,
    height,
    headed: height > 4,
    empty: noWorkers(page),
  })
  const { scheduler } = state.snapshot ?? { scheduler: null }
  const live = items.filter(occupiesSlot).length
  const note =
    scheduler === null ? count(page, items.length) : [page.span(`${live}/${scheduler.slots}`, 'muted')]
  return { title: words.panes.workers, note, ...list }
}

/** Returns why there are no workers, by the state of the scheduler. */
function noWorkers({ state, t }: Page): string {
  const { empty } = t.words
  if (state.snapshot === null) return empty.connecting
  const { scheduler, connection, counts } = state.snapshot
  if (connection === 'lost') return empty.workersLost
  const phase = schedulerPhase(state.snapshot)
  if (scheduler === null || phase === 'starting') return empty.schedulerStarts
  if (lacksPackage(state.snapshot)) return empty.workersNoPackage
  if (phase === 'no-room') return empty.workersNoRoom
  if (phase === 'untrusted') return empty.workersUntrusted
  if (phase === 'no-worker') return empty.workersFail
  if (phase === 'paused') return empty.workersPaused
  if (scheduler.active > 0 || counts.running > 0) return empty.workersStart
  const waiting = jobsWaiting(counts)
  return waiting > 0 ? empty.workersWait(waiting) : empty.workers
}

/**
 * Returns the content of the workers pane if a problem prevents workers from being started: the
 * problem in the place of the workers.
 */
function problemContent(page: Page, problem: string, width: number): Content {
  const { title, retry } = page.t.words.problem
  const rows: Row[] = [
    [page.span(`✗ ${title}`, 'bad')],
    ...wrap(problem, width).map((line): Row => [page.span(line)]),
    ...wrap(retry, width).map((line): Row => [page.span(line, 'muted')]),
  ]
  return { title: page.t.words.panes.workers, rows }
}
