import type { ActionId } from '../binding.ts'
import { translatorOf, wordsOf } from '../binding.ts'
import { keyName } from '../key-name.ts'
import { ACTION_IDS, BINDINGS, actionsHere, refusalOf } from '../keymap.ts'
import { bodyRoom } from '../layout.ts'
import { NO_HELP } from '../state.ts'
import type { State } from '../state.ts'
import type { Role } from '../theme.ts'
import { fit, textWidth, wrap } from '../view/drawing/text.ts'

/**
 * Widths in cells: of a line's keys, of the sign before the keys, and of the gap between columns.
 */
const KEYS = 14
const SIGN = 2
const GAP = 2
const ACTIVITY_SHOWN = 8

const LEFT_GROUPS = ['act', 'screens'] as const
const RIGHT_GROUPS = ['move', 'view', 'console'] as const
type Group = (typeof LEFT_GROUPS)[number] | (typeof RIGHT_GROUPS)[number]

interface HelpPart {
  readonly text: string
  readonly role: Role
}

/** One line of the help, in parts that the view colours. */
export type HelpLine = readonly HelpPart[]

/**
 * Returns every key with its meaning, from the table of keys: first the keys that work here, which
 * are marked, then all others, then the console's activity. Long sentences wrap. There are two
 * columns only if each sentence fits into a column.
 */
export function helpLines(state: State, width: number): readonly HelpLine[] {
  const { helpPage } = wordsOf(state)
  const half = Math.floor((width - GAP) / 2)
  const keys = (works: boolean) =>
    fitsInto(state, half)
      ? beside(
          groupLines(state, LEFT_GROUPS, half, works),
          groupLines(state, RIGHT_GROUPS, half, works),
          half,
        )
      : groupLines(state, [...LEFT_GROUPS, ...RIGHT_GROUPS], width, works)
  const told = (text: string, sign = ''): HelpLine[] =>
    wrap(text, Math.max(1, width - textWidth(sign))).map((line, index) => [
      { text: index === 0 ? sign : ' '.repeat(textWidth(sign)), role: 'key' },
      { text: line, role: 'muted' },
    ])
  return [
    ...told(helpPage.here, '› '),
    [],
    ...keys(true),
    [],
    ...told(helpPage.elsewhere),
    [],
    ...keys(false),
    [],
    ...activityLines(state, width),
  ]
}

/**
 * Returns the state with the offset of the help limited to its last page, so that a scroll back has
 * an immediate effect.
 */
export function helpHeld(state: State): State {
  if (!state.help.open || state.help.offset === 0) return state
  const { columns, rows } = bodyRoom(state)
  const last = Math.max(0, helpLines(state, columns).length - rows)
  return state.help.offset <= last ? state : { ...state, help: { ...state.help, offset: last } }
}

function fitsInto(state: State, width: number): boolean {
  const { keys } = wordsOf(state)
  return ACTION_IDS.every(id => SIGN + KEYS + 1 + textWidth(keys[id].help) <= width)
}

function beside(left: readonly HelpLine[], right: readonly HelpLine[], half: number): HelpLine[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const line = left[index] ?? []
    const taken = line.reduce((sum, { text }) => sum + textWidth(text), 0)
    return [
      ...line,
      { text: ' '.repeat(Math.max(0, half + GAP - taken)), role: 'text' },
      ...(right[index] ?? []),
    ]
  })
}

/**
 * Returns the lines for the keys of these groups, each group under its name: the keys that work
 * here if `works` is true, and otherwise the keys that do not.
 */
function groupLines(state: State, groups: readonly Group[], width: number, works: boolean): HelpLine[] {
  const behind = { ...state, help: NO_HELP }
  const here = new Set(actionsHere(behind).filter(id => refusalOf(behind, id) === null))
  const words = wordsOf(state)
  return groups
    .map(group => ({
      title: words.groups[group],
      ids: ACTION_IDS.filter(id => BINDINGS[id].group === group && here.has(id) === works),
    }))
    .filter(({ ids }) => ids.length > 0)
    .flatMap(({ title, ids }, index): HelpLine[] => [
      ...(index === 0 ? [] : [[]]),
      [{ text: title, role: 'title' }],
      ...ids.flatMap(id => keyLines(state, id, works, width)),
    ])
}

function keyLines(state: State, id: ActionId, works: boolean, width: number): HelpLine[] {
  const words = wordsOf(state)
  const keys = wrap(BINDINGS[id].keys.map(key => keyName(key, words)).join(', '), KEYS)
  const help = wrap(words.keys[id].help, Math.max(1, width - SIGN - KEYS - 1))
  return Array.from({ length: Math.max(keys.length, help.length) }, (_, index) => [
    { text: works && index === 0 ? '› ' : '  ', role: 'key' },
    { text: `${fit(keys[index] ?? '', KEYS)} `, role: works ? 'key' : 'muted' },
    { text: help[index] ?? '', role: works ? 'text' : 'muted' },
  ])
}

function activityLines(state: State, width: number): HelpLine[] {
  const t = translatorOf(state)
  const { words } = t
  if (state.activity.length === 0) return []
  return [
    [{ text: words.panes.activity, role: 'title' }],
    ...state.activity.slice(-ACTIVITY_SHOWN).flatMap(({ at, key, text, tone }): HelpLine[] => {
      const said = key === '' ? text : words.activityLine(keyName(key, words), text)
      const when = `  ${t.clock(at)} `
      return wrap(said, Math.max(1, width - textWidth(when))).map((line, index) => [
        { text: index === 0 ? when : ' '.repeat(textWidth(when)), role: 'muted' },
        { text: line, role: tone === 'bad' ? 'warn' : 'text' },
      ])
    }),
  ]
}
