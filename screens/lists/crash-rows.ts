import type { CrashSummary } from '../../lib/model/failure/crash.ts'
import type { State } from '../state.ts'

/** Row in the list of crashes: one crash, or the root cause of several crashes. */
export type CrashRow =
  | { readonly type: 'crash'; readonly id: string; readonly crash: CrashSummary; readonly within: boolean }
  | {
      readonly type: 'cause'
      readonly id: string
      readonly open: boolean
      /** Newest first; at least two. */
      readonly crashes: readonly [CrashSummary, ...CrashSummary[]]
    }

type Shown = Pick<State, 'snapshot' | 'screen' | 'openCauses'>

const causeId = (key: string): string => `cause ${key}`

/**
 * Returns the rows of the list of crashes. On the screen of crashes, crashes with one root cause
 * share a row that can be opened; other screens list each crash.
 */
export function crashRows({ snapshot, screen, openCauses }: Shown): readonly CrashRow[] {
  const crashes = snapshot?.crashes ?? []
  const single = (crash: CrashSummary, within: boolean) =>
    ({ type: 'crash', id: String(crash.id), crash, within }) as const
  if (screen !== 'crashes') return crashes.map(crash => single(crash, false))
  const groups = Map.groupBy(crashes, ({ cause }) => cause)
  return [...groups].flatMap(([key, [first, ...others]]): CrashRow[] => {
    if (first === undefined) return []
    if (others.length === 0) return [single(first, false)]
    const open = openCauses.includes(key)
    const within = open ? [first, ...others].map(crash => single(crash, true)) : []
    return [{ type: 'cause', id: causeId(key), open, crashes: [first, ...others] }, ...within]
  })
}

/** Returns the crashes of the selected row: one crash, or all crashes of a cause, newest first. */
export function crashesSelected(state: State): readonly CrashSummary[] {
  const row = crashRows(state).find(({ id }) => id === state.selected.crashes)
  if (row === undefined) return []
  return row.type === 'crash' ? [row.crash] : row.crashes
}

/** Opens or closes the group of a crash's root cause. */
export function toggleGroup(state: State, key: string): State {
  const { openCauses } = state
  const open = openCauses.includes(key)
  return {
    ...state,
    openCauses: open ? openCauses.filter(each => each !== key) : [...openCauses, key],
    selected: { ...state.selected, crashes: causeId(key) },
  }
}

/**
 * Returns the state with an existing row of the crashes selected: the same row, the crash's root
 * cause if its group is closed, the newest crash if the group has only one row, or else the first
 * row.
 */
export function crashShown(state: State): State {
  const rows = crashRows(state)
  const { crashes: id } = state.selected
  if (rows.some(row => row.id === id)) return state
  const crash = state.snapshot?.crashes.find(each => String(each.id) === id || causeId(each.cause) === id)
  const ids = crash === undefined ? [] : [String(crash.id), causeId(crash.cause)]
  const row = rows.find(each => ids.includes(each.id)) ?? rows[0]
  return { ...state, selected: { ...state.selected, crashes: row?.id ?? null } }
}
