import type { Translator } from '../../lib/locales/translator.ts'
import { PASSIVE_PANES, layoutOf } from '../layout.ts'
import type { Layout, PassivePane, Rect } from '../layout.ts'
import type { PaneName } from '../panes.ts'
import type { Size, State } from '../state.ts'
import type { Theme } from '../theme.ts'
import { asciiRow } from './drawing/ascii.ts'
import { crashContent, crashesContent } from './crashes.ts'
import { dialogRegion } from './overlays/dialog.ts'
import { rowContent, rowsContent, tablesContent } from './database.ts'
import { footerRows } from './bars/footer.ts'
import { formRegion } from './overlays/form.ts'
import { headerRows } from './bars/header.ts'
import { helpContent } from './overlays/help.ts'
import { jobsContent } from './jobs.ts'
import { logContent } from './log.ts'
import { Page } from './page.ts'
import { paletteRegion } from './overlays/palette.ts'
import type { Content } from './page.ts'
import { pictureContent } from './overlays/picture.ts'
import { queuePane } from './queue.ts'
import type { Region, ViewModel } from './drawing/row.ts'
import { recordRegion } from './overlays/record.ts'
import { schedulesContent } from './schedules.ts'
import { servicesContent } from './services.ts'
import { channelsContent, preferencesContent, proxiesContent, settingsContent } from './settings.ts'
import { startChoiceRegion } from './start.ts'
import { taskbarOf } from './bars/taskbar.ts'
import { workersContent } from './workers.ts'
import { factsContent, noWorker, timelineContent } from './worker-screen.ts'

/** Returns the whole frame for a state, as rows of styled text. Pure. */
export function view(state: State, size: Size, theme: Theme, t: Translator): ViewModel {
  const layout = layoutOf(state, size)
  const page = new Page(state, size, theme, t, layout.body)
  const header = headerRows(page, layout)
  drawBody(page, layout)
  const footer = footerRows(page, layout)
  const overlay = overlayOf(page)
  const sign = (region: Region): Region =>
    state.ascii ? { ...region, rows: region.rows.map(asciiRow) } : region
  return {
    header: sign({ ...layout.header, height: header.length, rows: header }),
    body: sign({ ...layout.body, rows: page.canvas.rows() }),
    footer: sign({ ...layout.message, height: footer.length, rows: footer }),
    overlay: overlay === null ? null : sign(overlay),
    chart: overlay === null ? page.chart : null,
    hits: page.hits,
    title: windowTitle(state),
    taskbar: taskbarOf(state),
  }
}

/** Returns the topmost box over the screens: a dialog before all others. */
function overlayOf(page: Page): Region | null {
  const { dialog, overlay } = page.state
  if (dialog !== null) return dialogRegion(page, dialog)
  switch (overlay?.type) {
    case 'palette':
      return paletteRegion(page, overlay)
    case 'start':
      return startChoiceRegion(page, overlay)
    case 'form':
      return formRegion(page, overlay)
    case 'record':
      return recordRegion(page, overlay)
    case undefined:
      return null
  }
}

function drawBody(page: Page, layout: Layout): void {
  const { state } = page
  if (state.help.open) {
    page.pane(layout.body, null, helpContent(page, layout.body))
    return
  }
  if (state.screen === 'worker' && state.opened === null) {
    noWorker(page)
    return
  }
  for (const [name, rect] of layout.panes) drawPane(page, name, rect)
}

function drawPane(page: Page, name: PaneName | PassivePane, rect: Rect): void {
  if (name === 'queue') {
    queuePane(page, rect)
    return
  }
  const content = contentOf(page, name, rect)
  if (content !== null) page.pane(rect, isPassive(name) ? null : name, content)
}

const isPassive = (name: PaneName | PassivePane): name is PassivePane =>
  PASSIVE_PANES.some(each => each === name)

function contentOf(page: Page, name: PaneName | Exclude<PassivePane, 'queue'>, rect: Rect): Content | null {
  const worker = page.state.opened
  switch (name) {
    case 'services':
      return servicesContent(page, rect)
    case 'workers':
      return workersContent(page, rect)
    case 'jobs':
      return jobsContent(page, rect)
    case 'crashes':
      return crashesContent(page, rect)
    case 'log':
    case 'workerLog':
      return logContent(page, name, rect)
    case 'crash':
      return crashContent(page, rect)
    case 'tables':
      return tablesContent(page, rect)
    case 'rows':
      return rowsContent(page, rect)
    case 'row':
      return rowContent(page)
    case 'preferences':
      return preferencesContent(page, rect)
    case 'channels':
      return channelsContent(page, rect)
    case 'proxies':
      return proxiesContent(page, rect)
    case 'settings':
      return settingsContent(page, rect)
    case 'schedules':
      return schedulesContent(page, rect)
    case 'picture':
      return worker && pictureContent(page, worker, rect)
    case 'facts':
      return worker && factsContent(page, worker, rect)
    case 'timeline':
      return worker && timelineContent(page, worker, rect)
  }
}

/**
 * Returns the title of the window, such as `2✗ 5● automate-tui` for two failed and five running
 * jobs. It is short enough for a taskbar.
 */
function windowTitle({ snapshot }: State): string {
  if (snapshot === null) return 'automate-tui'
  const { failed, running } = snapshot.counts
  return `${failed > 0 ? `${failed}✗ ` : ''}${running > 0 ? `${running}● ` : ''}automate-tui`
}
