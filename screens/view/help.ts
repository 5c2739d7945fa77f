import type { ActionId } from '../binding.ts'
import { keyName } from '../key-name.ts'
import { ACTION_IDS, BINDINGS, actionsHere, refusalOf } from '../keymap.ts'
import type { Rect } from '../layout.ts'
import type { Content, Page } from './page.ts'
import type { Row } from './row.ts'
import { fitRow } from './row.ts'
import { cut, fit } from './text.ts'

const KEYS = 14
const TWO_COLUMNS_FROM = 104
const ACTIVITY_SHOWN = 8

const GROUPS = ['act', 'screens', 'move', 'view', 'console'] as const

/** Every key with what it does, from the table of keys: first those that work here, marked, then all others. */
export function helpContent(page: Page, rect: Rect): Content {
  const { width, height } = page.inside(rect)
  const { helpPage } = page.t.words
  const lines = width >= TWO_COLUMNS_FROM ? twoColumns(page, width) : oneColumn(page, width)
  const visible = Math.max(1, height)
  const start = Math.max(0, Math.min(page.state.help.offset, lines.length - visible))
  const more = start + visible < lines.length
  return {
    title: helpPage.title,
    note: [page.span(more ? helpPage.more : helpPage.close, 'muted')],
    rows: lines.slice(start, start + visible),
  }
}

function oneColumn(page: Page, width: number): Row[] {
  const keys = (works: boolean) => groupRows(page, GROUPS, width, works)
  return [
    legend(page),
    [],
    ...keys(true),
    [],
    elsewhere(page),
    [],
    ...keys(false),
    [],
    ...activityRows(page, width),
  ]
}

function twoColumns(page: Page, width: number): Row[] {
  const half = Math.floor((width - 2) / 2)
  const keys = (works: boolean): Row[] => {
    const left = groupRows(page, ['act', 'screens'], half, works)
    const right = groupRows(page, ['move', 'view', 'console'], half, works)
    return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => [
      ...fitRow(left[index] ?? [], half, page.style('text')),
      page.span('  '),
      ...(right[index] ?? []),
    ])
  }
  return [
    legend(page),
    [],
    ...keys(true),
    [],
    elsewhere(page),
    [],
    ...keys(false),
    [],
    ...activityRows(page, width),
  ]
}

const legend = (page: Page): Row => [page.span('› ', 'key'), page.span(page.t.words.helpPage.here, 'muted')]

const elsewhere = (page: Page): Row => [page.span(page.t.words.helpPage.elsewhere, 'muted')]

/** The keys of these groups that work here, or those that do not, each group under its name. */
function groupRows(
  page: Page,
  groups: readonly (typeof GROUPS)[number][],
  width: number,
  works: boolean,
): Row[] {
  const behind = { ...page.state, help: { open: false, offset: 0 } }
  const here = actionsHere(behind).filter(id => refusalOf(behind, id) === null)
  return groups
    .map(group => ({
      title: page.t.words.groups[group],
      ids: ACTION_IDS.filter(id => BINDINGS[id].group === group && here.includes(id) === works),
    }))
    .filter(({ ids }) => ids.length > 0)
    .flatMap(({ title, ids }, index) => [
      ...(index === 0 ? [] : [[]]),
      [page.span(title, 'title')],
      ...ids.map(id => helpRow(page, id, works, width)),
    ])
}

function helpRow(page: Page, id: ActionId, works: boolean, width: number): Row {
  const { words } = page.t
  const keys = BINDINGS[id].keys.map(key => keyName(key, words)).join(', ')
  return [
    page.span(works ? '› ' : '  ', 'key'),
    page.span(fit(keys, KEYS), works ? 'key' : 'muted'),
    page.span(cut(` ${words.keys[id].help}`, Math.max(0, width - KEYS - 2)), works ? 'text' : 'muted'),
  ]
}

function activityRows(page: Page, width: number): Row[] {
  const { activity } = page.state
  const { t } = page
  const { words } = t
  if (activity.length === 0) return []
  return [
    [page.span(words.panes.activity, 'title')],
    ...activity.slice(-ACTIVITY_SHOWN).map(({ at, key, text, tone }) => {
      const said = key === '' ? text : words.activity(keyName(key, words), text)
      return [
        page.span(`  ${t.clock(at)} `, 'muted'),
        page.span(cut(said, width), tone === 'bad' ? 'warn' : 'text'),
      ]
    }),
  ]
}
