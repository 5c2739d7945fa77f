import type { CrashSummary } from '../../lib/model/failure/crash.ts'
import type { ActionId, Binding } from '../binding.ts'
import { dispatchCommand, noEffects, translatorOf, wordsOf } from '../binding.ts'
import { crashEntries } from '../details/crash-entries.ts'
import { toggleGroup, crashRows, crashesSelected } from '../lists/crash-rows.ts'
import type { State } from '../state.ts'
import { unavailableReason } from './operate.ts'

const onCrashes = (state: State) => !state.help.open && state.screen === 'crashes'

const rowSelected = (state: State) => crashRows(state).find(({ id }) => id === state.selected.crashes)

const onCause = (state: State) => onCrashes(state) && rowSelected(state)?.type === 'cause'

/** Returns the path of the log of the crash's worker. */
const logOf = (crash: CrashSummary | undefined): string | undefined =>
  crash?.artefacts.find(({ kind }) => kind === 'workers')?.path

export const CRASHES = {
  causeOpen: {
    keys: ['enter'],
    group: 'screens',
    footer: 10,
    applies: onCause,
    run: state => {
      const [crash] = crashesSelected(state)
      return noEffects(crash === undefined ? state : toggleGroup(state, crash.cause))
    },
  },
  crashOpen: {
    keys: ['enter'],
    group: 'screens',
    footer: 10,
    applies: onCrashes,
    refusal: (state, { unavailable }) => {
      const [crash] = crashesSelected(state)
      if (crash === undefined) return unavailable.noCrash
      return state.crash.detail?.report.id === crash.id ? null : unavailable.crashNotRead
    },
    run: state => {
      const { detail } = state.crash
      if (detail === null) return noEffects(state)
      const t = translatorOf(state)
      const title = `${t.words.panes.crash} ${detail.report.id}`
      return noEffects({
        ...state,
        overlay: { type: 'record', title, entries: crashEntries(detail, t), offset: 0 },
      })
    },
  },
  crashLog: {
    keys: ['J'],
    group: 'act',
    footer: 6,
    applies: onCrashes,
    refusal: (state, { unavailable }) => {
      const [crash] = crashesSelected(state)
      if (crash === undefined) return unavailable.noCrash
      return logOf(crash) === undefined ? unavailable.noCrashLog : null
    },
    run: state => {
      const [crash] = crashesSelected(state)
      const path = logOf(crash)
      if (crash === undefined || path === undefined) return noEffects(state)
      return noEffects({ ...state, crash: { ...state.crash, jump: { path, at: crash.at } } })
    },
  },
  crashBundle: {
    keys: ['b'],
    group: 'act',
    footer: 7,
    applies: onCrashes,
    refusal: (state, words) => {
      if (crashesSelected(state).length === 0) return words.unavailable.noCrash
      return unavailableReason(state, words)
    },
    run: (state, key) => {
      const [crash] = crashesSelected(state)
      if (crash === undefined) return noEffects(state)
      const { id } = crash
      return dispatchCommand(
        state,
        key,
        { type: 'crash.bundle', id },
        wordsOf(state).activity.crashBundle(id),
      )
    },
  },
} satisfies Partial<Record<ActionId, Binding>>
