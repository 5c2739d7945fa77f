import { LOG_LEVELS } from '../../lib/model/log-line.ts'
import type { LogLine } from '../../lib/model/log-line.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import type { ActionId, Binding } from '../binding.ts'
import { copyText, whyNotCopy } from './clipboard.ts'
import { dispatchCommand, logActivity, noEffects, translatorOf, wordsOf } from '../binding.ts'
import { NO_TEXT, lineOf } from '../line.ts'
import {
  followed,
  isFiltered,
  isIn,
  lineText,
  pointedAt,
  searchOf,
  shownLog,
  writerOf,
} from '../queries/log-view.ts'
import type { LogSearch } from '../queries/log-search.ts'
import { isLogPane } from '../panes.ts'
import { focusedPane } from '../state.ts'
import type { LogPane } from '../panes.ts'
import type { State, Step } from '../state.ts'

/** Returns the focused log pane; undefined if another pane has the focus. */
function logPane(state: State): LogPane | undefined {
  const pane = focusedPane(state)
  return isLogPane(pane) && !state.help.open && state.picture === null ? pane : undefined
}

/**
 * Returns the focused log pane if it can be searched. The dashboard's log cannot, because it shows
 * the newest lines only.
 */
const searchedPane = (state: State) => (state.screen === 'dashboard' ? undefined : logPane(state))

const onLog = (state: State) => logPane(state) !== undefined
const onSearched = (state: State) => searchedPane(state) !== undefined

/**
 * Returns the line under the cursor. While the log follows its end, the cursor is on the newest
 * line.
 */
function selectedLine(state: State): LogLine | undefined {
  const pane = logPane(state)
  if (pane === undefined) return undefined
  const { lines, cursor } = shownLog(state, pane)
  return lines[cursor]
}

const lineRefusal = (state: State, { unavailable }: Catalogue): string | null =>
  selectedLine(state) === undefined ? unavailable.noLine : null

/** Returns the state with changes to the search and the filters of a log pane. */
export function searched(state: State, pane: LogPane, change: Partial<LogSearch>): State {
  return {
    ...state,
    searches: { ...state.searches, [pane]: { ...state.searches[pane], ...change } },
  }
}

/**
 * Moves the cursor to the nearest line that matches the search pattern: after the cursor (`next`),
 * before it (`previous`), or at or before it (`here`). The search wraps around at the ends of the
 * log.
 */
export function foundFrom(
  state: State,
  pane: LogPane,
  key: string,
  way: 'next' | 'previous' | 'here',
): State {
  const { find } = searchOf(state, pane)
  if (find === null) return state
  const { lines, cursor } = shownLog(state, pane)
  const places = [...lines.keys()].filter(place => {
    const line = lines[place]
    return line !== undefined && isIn(find, line)
  })
  const before = places.filter(place => (way === 'here' ? place <= cursor : place < cursor))
  const place =
    way === 'next' ? (places.find(each => each > cursor) ?? places[0]) : (before.at(-1) ?? places.at(-1))
  const line = place === undefined ? undefined : lines[place]
  const { activity, unavailable } = wordsOf(state)
  if (place === undefined || line === undefined) {
    const [first] = lines
    const since = first === undefined ? '' : translatorOf(state).clock(first.at)
    const why =
      first === undefined ? unavailable.noLine : unavailable.notFound(find.text, lines.length, since)
    return logActivity(state, key, why, 'bad')
  }
  return logActivity(
    pointedAt(state, pane, line),
    key,
    activity.found(places.indexOf(place) + 1, places.length, find.text),
  )
}

function asked(state: State, type: 'find' | 'filter'): Step {
  const pane = searchedPane(state)
  if (pane === undefined) return noEffects(state)
  const pattern = state.searches[pane][type]
  const line = type === 'filter' && pattern !== null ? lineOf(pattern.text) : NO_TEXT
  return noEffects({ ...state, prompt: { type, pane, line, regex: pattern?.regex ?? false, problem: null } })
}

function again(key: string, way: 'next' | 'previous'): Binding {
  return {
    keys: [key],
    group: 'view',
    footer: 32,
    applies: onSearched,
    refusal: (state, { unavailable }) => {
      const pane = searchedPane(state)
      return pane === undefined || searchOf(state, pane).find === null ? unavailable.noFind : null
    },
    run: (state, pressed) => {
      const pane = searchedPane(state)
      return noEffects(pane === undefined ? state : foundFrom(state, pane, pressed, way))
    },
  }
}

/** Removes the search of the log if it has one, and otherwise all its filters. Bound to Esc. */
function cleared(state: State, key: string): State {
  const pane = searchedPane(state)
  if (pane === undefined) return state
  const { activity } = wordsOf(state)
  if (state.searches[pane].find !== null)
    return logActivity(searched(state, pane, { find: null }), key, activity.findOff)
  return logActivity(
    searched(state, pane, { filter: null, level: 'debug', writer: null }),
    key,
    activity.filterOff,
  )
}

function lineCopied(state: State, key: string): Step {
  const line = selectedLine(state)
  if (line === undefined) return noEffects(state)
  const { activity } = wordsOf(state)
  return copyText(state, key, {
    name: 'line',
    text: lineText(line),
    said: activity.copied,
    inFile: activity.copyFile,
  })
}

export const LOG_KEYS = {
  logFind: {
    keys: ['/'],
    group: 'view',
    footer: 11,
    applies: onSearched,
    run: state => asked(state, 'find'),
  },
  logFilter: {
    keys: ['&'],
    group: 'view',
    footer: 12,
    applies: onSearched,
    run: state => asked(state, 'filter'),
  },
  findNext: again('n', 'next'),
  findPrevious: again('N', 'previous'),
  logClear: {
    keys: ['escape'],
    group: 'view',
    footer: 0,
    applies: state => {
      const pane = searchedPane(state)
      if (pane === undefined || state.zoomed) return false
      return state.searches[pane].find !== null || isFiltered(state.searches[pane])
    },
    run: (state, key) => noEffects(cleared(state, key)),
  },
  logLevel: {
    keys: ['L'],
    group: 'view',
    footer: 22,
    applies: onSearched,
    run: (state, key) => {
      const pane = searchedPane(state)
      if (pane === undefined) return noEffects(state)
      const place = LOG_LEVELS.indexOf(state.searches[pane].level) + 1
      const level = LOG_LEVELS[place % LOG_LEVELS.length] ?? 'debug'
      const { activity, level: names } = wordsOf(state)
      const said = level === 'debug' ? activity.levelAll : activity.levelFrom(names[level])
      return noEffects(logActivity(searched(state, pane, { level }), key, said))
    },
  },
  logWriter: {
    keys: ['o'],
    group: 'view',
    footer: 31,
    applies: onSearched,
    refusal: (state, words) => {
      const pane = searchedPane(state)
      const on = pane !== undefined && state.searches[pane].writer !== null
      return on ? null : lineRefusal(state, words)
    },
    run: (state, key) => {
      const pane = searchedPane(state)
      const line = selectedLine(state)
      if (pane === undefined) return noEffects(state)
      const { activity } = wordsOf(state)
      if (state.searches[pane].writer !== null || line === undefined)
        return noEffects(logActivity(searched(state, pane, { writer: null }), key, activity.writerAll))
      const writer = writerOf(line)
      return noEffects(logActivity(searched(state, pane, { writer }), key, activity.writerOnly(writer)))
    },
  },
  follow: {
    keys: ['f'],
    group: 'view',
    footer: 20,
    applies: onLog,
    run: (state, key) => {
      const pane = logPane(state)
      if (pane === undefined) return noEffects(state)
      const { activity } = wordsOf(state)
      const { following } = state.logs[pane]
      const next = followed(state, pane, following ? 'hold' : 'follow')
      return noEffects(logActivity(next, key, following ? activity.held : activity.following))
    },
  },
  logFreeze: {
    keys: ['p'],
    group: 'view',
    footer: 21,
    // On the worker's screen the same key pauses the worker.
    applies: state => logPane(state) === 'log',
    run: (state, key) => {
      const pane = logPane(state)
      if (pane === undefined) return noEffects(state)
      const view = state.logs[pane]
      const frozen = !view.following && view.frozen
      const { activity } = wordsOf(state)
      return noEffects(
        logActivity(
          followed(state, pane, frozen ? 'follow' : 'freeze'),
          key,
          frozen ? activity.following : activity.frozen,
        ),
      )
    },
  },
  logWrap: {
    keys: ['w'],
    group: 'view',
    footer: 23,
    applies: onLog,
    run: (state, key) => {
      const { activity } = wordsOf(state)
      const next = { ...state, wrapped: !state.wrapped }
      return noEffects(logActivity(next, key, next.wrapped ? activity.wrapOn : activity.wrapOff))
    },
  },
  logCopy: {
    keys: ['y'],
    group: 'act',
    footer: 24,
    applies: onLog,
    refusal: (state, words) => lineRefusal(state, words) ?? whyNotCopy(state, words),
    run: lineCopied,
  },
  logSave: {
    keys: ['C-s'],
    group: 'act',
    footer: 25,
    applies: onSearched,
    refusal: (state, words) => (state.readOnly ? words.unavailable.readOnly : lineRefusal(state, words)),
    run: (state, key) => {
      const pane = searchedPane(state)
      if (pane === undefined) return noEffects(state)
      const { lines } = shownLog(state, pane)
      const text = lines.map(line => `${lineText(line)}\n`).join('')
      const said = wordsOf(state).activity.logSave(lines.length)
      return dispatchCommand(state, key, { type: 'text.save', name: 'log', text }, said)
    },
  },
} satisfies Partial<Record<ActionId, Binding>>
