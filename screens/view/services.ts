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

/** A longer name of a service is cut: a workflow that runs for ever is one, under its own name. */
const NAME_MOST = 20

/** Cells of a note where there is little room, and of one for which the time gives its place. */
const NOTE_LEAST = 12
const NOTE_MOST = 40
/** The cursor, and the gaps between four columns. */
const BESIDE_COLUMNS = 8

/** The services, with glyph and word. */
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

/** Each as wide as what stands in it, so that the notes have the rest; where that is little they have the time's place, too. */
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

/** The state of a service. What a silent scheduler said last of its own is not known to be so. */
function stateOf(t: Translator, service: ServiceDocument, known: Known): Mark & { readonly is: string } {
  const { words } = t
  if (service.name === SCHEDULER && known.silentMs !== null)
    return { ...SILENT_MARK, is: words.badge.silent(t.duration(known.silentMs)) }
  if (service.name === SCHEDULER && known.unwritten !== null)
    return { ...SILENT_MARK, is: words.badge.unwritten }
  const mark = isPaused(service, known) ? PAUSED_MARK : SERVICE_MARKS[service.actual]
  return { ...mark, is: serviceState(service, known, words) }
}

/** What stands in a row beside the name. */
function textOf({ t, state }: Page, service: ServiceDocument) {
  const { words } = t
  const known = state.snapshot ?? NOTHING_KNOWN
  // Its document says what was so before.
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
