import type { ServiceDocument } from '../../lib/model/worker/documents.ts'
import type { Translator } from '../../lib/locales/translator.ts'
import type { Rect } from '../layout.ts'
import { serviceWords } from '../../lib/locales/format/service-words.ts'
import { SCHEDULER, isPaused, serviceState } from '../../lib/app/port/scheduler-phase.ts'
import type { KnownScheduler } from '../../lib/app/port/scheduler-phase.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import { PAUSED_MARK, SERVICE_MARKS, SILENT_MARK } from './drawing/status-glyphs.ts'
import type { Mark } from './drawing/status-glyphs.ts'
import type { Content, Page } from './page.ts'
import { count, emptyWords } from './pane-words.ts'
import { listRows } from './drawing/table.ts'
import type { Column } from './drawing/table.ts'
import { cut, textWidth } from './drawing/text.ts'

/**
 * Maximum width of a service's name, in cells. A continuous workflow's service has the name of the
 * workflow, which may be long.
 */
const NAME_MOST = 20

/**
 * Minimum width of a note in cells, and the width that notes must have before the time gets a
 * column.
 */
const NOTE_LEAST = 12
const NOTE_MOST = 40
/** Width in cells of the cursor and of the gaps between four columns. */
const BESIDE_COLUMNS = 8

/** Returns the list of the services, each with glyph and word. */
export function servicesContent(page: Page, rect: Rect): Content {
  const { words } = page.t
  const items = page.state.snapshot?.services ?? []
  const { width, height } = page.inside(rect)
  const list = listRows(page, {
    pane: 'services',
    items,
    id: ({ name }) => name,
    columns: columnsOf(page, items, width),
    width,
    height,
    headed: false,
    empty: emptyWords(page, words.empty.services),
  })
  return { title: words.panes.services, note: count(page, items.length), ...list }
}

/**
 * Returns the columns. Each is as wide as its longest text, and the notes get the rest. If the rest
 * is small, there is no column for the time, so that the notes get its room, too.
 */
function columnsOf(
  page: Page,
  items: readonly ServiceDocument[],
  width: number,
): readonly Column<ServiceDocument>[] {
  const { columns: titles } = page.t.words
  const shown = (service: ServiceDocument) => textOf(page, service)
  const widest = (text: (service: ServiceDocument) => string) =>
    Math.max(0, ...items.map(service => textWidth(text(service))))
  const name = Math.min(
    NAME_MOST,
    widest(service => service.name),
  )
  const state = widest(service => shown(service).state)
  const since = widest(service => shown(service).since)
  const note = widest(service => shown(service).note)
  const columns: readonly Column<ServiceDocument>[] = [
    {
      title: titles.service,
      width: name,
      rank: 0,
      cell: (service, cells) => [page.span(cut(service.name, cells))],
    },
    {
      title: titles.state,
      width: state,
      rank: 0,
      cell: service => [page.span(shown(service).state, shown(service).role)],
    },
    {
      title: titles.message,
      width: NOTE_LEAST,
      grows: true,
      rank: 2,
      cell: (service, cells) => [page.span(cut(shown(service).note, cells), 'muted')],
    },
    {
      title: titles.since,
      width: since,
      align: 'right',
      rank: 3,
      cell: service => [page.span(shown(service).since, 'muted')],
    },
  ]
  const roomy = name + state + Math.min(NOTE_MOST, note) + since + BESIDE_COLUMNS <= width
  return roomy ? columns : columns.slice(0, -1)
}

const NOTHING_KNOWN: Known = { scheduler: null, services: [], silentMs: null, unwritten: null }

type Known = KnownScheduler & Pick<Snapshot, 'silentMs' | 'unwritten'>

/**
 * Returns the state of a service. If the scheduler is silent, it is shown as silent, because its
 * last state is outdated.
 */
function stateOf(t: Translator, service: ServiceDocument, known: Known): Mark & { readonly is: string } {
  const { words } = t
  if (service.name === SCHEDULER && known.silentMs !== null)
    return { ...SILENT_MARK, is: words.badge.silent(t.duration(known.silentMs)) }
  if (service.name === SCHEDULER && known.unwritten !== null)
    return { ...SILENT_MARK, is: words.badge.unwritten }
  const mark = isPaused(service, known) ? PAUSED_MARK : SERVICE_MARKS[service.actual]
  return { ...mark, is: serviceState(service, known, words) }
}

/** Returns the texts of a service's row next to its name. */
function textOf({ t, state }: Page, service: ServiceDocument) {
  const { words } = t
  const known = state.snapshot ?? NOTHING_KNOWN
  // The document of a scheduler that cannot write is outdated.
  const unwritten = service.name === SCHEDULER ? known.unwritten : null
  const said = unwritten ?? serviceWords(service, words, at => t.moment(at))
  const { role, glyph, is } = stateOf(t, service, known)
  return {
    role,
    state: `${glyph} ${is}`,
    note: said === '' && service.restarts > 0 ? words.labels.restarts(service.restarts) : said,
    since: t.duration(state.now - service.since),
  }
}
