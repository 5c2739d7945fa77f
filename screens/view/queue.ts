import { usedSlots } from '../../lib/app/port/worker-slots.ts'
import type { Rect } from '../layout.ts'
import { finishedEach } from '../lists/throughput.ts'
import type { Page } from './page.ts'
import type { Row } from './drawing/row.ts'
import { cut, fit } from './drawing/text.ts'

const LABEL = 12
const NUMBER = 6
/** Number of rows that the chart widget needs for two series with their titles. */
const CHART_ROWS = 6
const CHART_LEAST_COLUMNS = 16
const NUMBERS_COLUMNS = 26
const CHART_GAP = 2

/** Draws the numbers of the queue, with the chart next to them if there is room. */
export function queuePane(page: Page, rect: Rect): void {
  const { t } = page
  const inside = page.inside(rect)
  const chartWidth = inside.width - NUMBERS_COLUMNS - CHART_GAP
  const charted = !page.state.ascii && inside.height >= CHART_ROWS && chartWidth >= CHART_LEAST_COLUMNS
  const numbersWidth = charted ? NUMBERS_COLUMNS : inside.width
  page.pane(rect, null, {
    title: t.words.panes.queue,
    note: slotsNote(page),
    rows: numbers(page, numbersWidth, inside.height, charted),
  })
  if (!charted) return
  const { charts } = t.words
  page.chart = {
    left: inside.left + NUMBERS_COLUMNS + CHART_GAP,
    top: inside.top,
    width: chartWidth,
    height: CHART_ROWS,
    titles: [charts.waiting, charts.finished],
    series: series(page, chartWidth),
    style: page.style('bar'),
  }
}

function slotsNote(page: Page): Row {
  const { scheduler, workers } = page.state.snapshot ?? { scheduler: null, workers: [] }
  return scheduler === null
    ? []
    : [page.span(page.t.words.counts.workers(usedSlots(scheduler, workers), scheduler.slots), 'muted')]
}

function series(page: Page, width: number): number[][] {
  const { samples } = page.state
  return [samples.map(({ waiting }) => waiting), finishedEach(samples)].map(values => {
    const newest = values.slice(-width)
    return [...Array.from({ length: width - newest.length }, () => 0), ...newest]
  })
}

function numbers(page: Page, width: number, height: number, charted: boolean): Row[] {
  const { snapshot } = page.state
  if (snapshot === null) return []
  const { counts, scheduler, workers } = snapshot
  const { jobState } = page.t.words
  const line = (label: string, value: number, role: 'text' | 'good' | 'bad' | 'busy' | 'warn'): Row => [
    page.span(fit(label, LABEL), 'muted'),
    page.span(fit(page.t.number(value), NUMBER, 'right'), value === 0 ? 'muted' : role),
  ]
  const pair = (left: Row, right: Row): Row => [...left, page.span('   '), ...right]
  const running = line(jobState.running, counts.running, 'busy')
  const succeeded = line(jobState.succeeded, counts.succeeded, 'good')
  const failed = line(jobState.failed, counts.failed, 'bad')
  const again = counts.retrying + counts.interrupted
  const retrying = line(jobState.retrying, again, 'warn')
  const parked = line(jobState.parked, counts.parked, 'warn')
  const paired = width >= 2 * (LABEL + NUMBER) + 3
  // If there is no row for jobs that wait for a retry, they count as queued, as in the header.
  const alone = paired || height > RETRYING_ROW
  const queued = line(jobState.queued, alone ? counts.queued : counts.queued + again, 'text')
  const rows = paired
    ? [pair(queued, succeeded), pair(running, failed), pair(retrying, parked)]
    : [queued, running, succeeded, failed, retrying, parked]
  const shown = rows.slice(0, height)
  if (scheduler === null || shown.length === height) return shown
  const bar = workersBar(page, usedSlots(scheduler, workers), scheduler.slots, width)
  const room = height - shown.length - 1
  return [...shown, ...(!charted && room > 0 ? [sparkline(page, width)] : []), bar]
}

/** Index of the row of jobs that wait for a retry, in one column. */
const RETRYING_ROW = 4

function workersBar(page: Page, taken: number, slots: number, width: number): Row {
  const text = ` ${page.t.words.counts.workers(taken, slots)}`
  return [...page.bar(taken / slots, Math.max(4, width - text.length), 'bar'), page.span(text)]
}

const TICKS = '▁▂▃▄▅▆▇█'

/**
 * Returns a sparkline of the number of waiting jobs in one line, for a pane that is too small for
 * the widget.
 */
function sparkline(page: Page, width: number): Row {
  const label = ` ${page.t.words.charts.waiting}`
  const [waiting = []] = series(page, Math.max(0, width - label.length))
  const most = Math.max(1, ...waiting)
  const ticks = waiting.map(value => TICKS[Math.round((value / most) * (TICKS.length - 1))] ?? ' ').join('')
  return [page.span(ticks, 'bar'), page.span(cut(label, width), 'muted')]
}
