import { SCREEN_TABLE, SCREENS } from '../../panes.ts'
import { jobsWaiting } from '../../../lib/app/port/snapshot.ts'
import type { ScreenName } from '../../panes.ts'
import type { Layout } from '../../layout.ts'
import { lacksPackage, schedulerPhase } from '../../../lib/app/port/scheduler-phase.ts'
import { CONNECTION_MARKS, SILENT_MARK } from '../drawing/status-glyphs.ts'
import type { Mark } from '../drawing/status-glyphs.ts'
import type { Page } from '../page.ts'
import type { Row } from '../drawing/row.ts'
import { fitRow, highlighted, rowWidth } from '../drawing/row.ts'
import { cut, textWidth } from '../drawing/text.ts'

const PROGRAM = 'automate-tui'

/** Returns the name of the project's folder, without the path, as a short name of the project. */
const projectName = (root: string) =>
  root
    .split(/[\\/]/)
    .filter(part => part !== '')
    .at(-1) ?? root

/**
 * Returns the rows of the header: program, project and connection at the left, counts, language and
 * clock at the right, and the screens below.
 */
export function headerRows(page: Page, layout: Layout): Row[] {
  const { width } = layout.header
  const left = leftParts(page, layout.tabs === null)
  const right = rightParts(page)
  // The least important parts are dropped first, until the rest fits.
  while (right.length > 1 && sum(left) + sum(right) + 2 > width) right.shift()
  while (left.length > 1 && sum(left) + sum(right) + 2 > width) left.pop()
  const gap = Math.max(1, width - sum(left) - sum(right) - 2)
  const row = [page.span(' '), ...left.flat(), page.span(' '.repeat(gap)), ...right.flat(), page.span(' ')]
  const rows = [fitRow(row, width, page.style('text'))]
  return layout.tabs === null ? rows : [...rows, tabs(page, width)]
}

const sum = (parts: readonly Row[]) => parts.reduce((total, part) => total + rowWidth(part), 0)

function leftParts(page: Page, named: boolean): Row[] {
  const { state, t } = page
  const { words } = t
  const { glyph, role, said } = connectionOf(page, named)
  const name = named ? words.screens[state.screen] : PROGRAM
  return [
    [page.span(name, 'brand')],
    [page.span(`  ${glyph} ${said}`, role)],
    ...(state.readOnly ? [[page.span(`  ${words.badge.readOnly}`, 'warn')]] : []),
    ...(state.snapshot === null
      ? []
      : [[page.span(`  ${cut(projectName(state.snapshot.root), 24)}`, 'muted')]]),
  ]
}

/** Returns the connection in words; if `brief` is true, in few words for a narrow screen. */
function connectionOf({ state: { snapshot }, t }: Page, brief: boolean): Mark & { readonly said: string } {
  const { words } = t
  if (snapshot === null) return { ...CONNECTION_MARKS.connecting, said: words.connection.connecting }
  const { connection, problem, silentMs, unwritten } = snapshot
  if (problem !== null) return { glyph: '✗', role: 'bad', said: words.problem.short }
  if (silentMs !== null) {
    const duration = t.duration(silentMs)
    const said = brief ? words.badge.silent(duration) : words.schedulerSilent(duration)
    return { ...SILENT_MARK, said }
  }
  if (unwritten !== null)
    return { ...SILENT_MARK, said: brief ? words.badge.unwritten : words.schedulerUnwritten }
  const connected = connection === 'scheduling' || connection === 'attached'
  const phase = schedulerPhase(snapshot)
  if (!connected || phase === 'scheduling')
    return { ...CONNECTION_MARKS[connection], said: words.connection[connection] }
  const phaseWords = lacksPackage(snapshot) ? words.packageMissing : words.schedulerPhase[phase]
  const said = connection === 'attached' ? words.attachedTo(phaseWords) : phaseWords
  return { glyph: '◐', role: 'warn', said }
}

function rightParts(page: Page): Row[] {
  const { state, t } = page
  const { counts: words } = t.words
  const parts: Row[] = []
  if (state.snapshot !== null) {
    const { counts, scheduler } = state.snapshot
    const broken = scheduler?.broken.length ?? 0
    const waiting = jobsWaiting(counts)
    parts.push([page.span(`${words.done(counts.succeeded)}   `, 'muted')])
    parts.push([page.span(`${words.queued(waiting)}   `, 'muted')])
    if (broken > 0) parts.push([page.span(`! ${words.brokenWorkflows(broken)}   `, 'warn')])
    const calls = state.snapshot.workers.filter(({ waiting }) => waiting?.for === 'person').length
    if (counts.failed > 0) parts.push([page.span(`✗ ${words.failed(counts.failed)}   `, 'bad')])
    if (calls > 0) parts.push([page.span(`◆ ${words.calls(calls)}   `, 'warn')])
  }
  parts.push([page.span(`${state.language.toUpperCase()}  `, 'muted')])
  parts.push([page.span(t.clock(state.now))])
  return parts
}

/**
 * Returns the tabs: the name of each screen with its key. If the tabs do not fit, first the blanks
 * between them are dropped. Then the names of the other screens are cut.
 */
function tabs(page: Page, width: number): Row {
  const { state, t } = page
  const names = new Map(SCREENS.map(screen => [screen, t.words.screens[screen]]))
  const taken = (pad: number, most: number) =>
    1 + SCREENS.reduce((sum, screen) => sum + pad * 2 + 3 + textWidth(shortened(screen, most)), 0)
  const shortened = (screen: ScreenName, most: number) =>
    screen === state.screen ? (names.get(screen) ?? '') : cut(names.get(screen) ?? '', most)
  const longest = Math.max(...[...names.values()].map(textWidth))
  const pad = taken(1, longest) <= width ? 1 : 0
  let most = longest
  while (most > 0 && taken(pad, most) > width) most -= 1
  let column = 1
  const row: Row = SCREENS.flatMap(screen => {
    const { key } = SCREEN_TABLE[screen]
    const blank = ' '.repeat(pad)
    const name = `${shortened(screen, most)}${blank}`
    const cells = textWidth(`${blank}${key} ${name}`)
    page.hits.push({ left: column, top: 1, width: cells, height: 1, target: { type: 'key', key } })
    column += cells + 1
    const tab: Row = [page.span(`${blank}${key} `, 'key'), page.span(name, 'muted')]
    return [...(screen === state.screen ? highlighted(tab, page.style('selected')) : tab), page.span(' ')]
  })
  return fitRow([page.span(' '), ...row], width, page.style('text'))
}
