import type { WorkerDocument } from '../../lib/model/worker/documents.ts'
import type { ActionId, Binding } from '../binding.ts'
import { always, logActivity, noEffects, wordsOf } from '../binding.ts'
import { crashShown } from '../lists/crash-rows.ts'
import { jobWanted } from '../queries/job-lookup.ts'
import { selectedCrash, selectedWorker, workerOfJob } from '../selection.ts'
import { SCREEN_TABLE, SCREENS, panesOfScreen } from '../panes.ts'
import { NO_HELP, focusedPane } from '../state.ts'
import type { PaneName, ScreenName } from '../panes.ts'
import type { State } from '../state.ts'

/** Returns the state with another screen in front. Esc leads back to the previous screen. */
export function shown(
  state: State,
  screen: ScreenName,
  key: string,
  openedFrom: ScreenName | null = null,
): State {
  const picture = screen === 'worker' ? state.picture : null
  const next = { ...state, screen, picture, zoomed: false, help: NO_HELP }
  const placed = panesOfScreen(screen).includes('crashes') ? crashShown(next) : next
  const stays = screen === state.screen
  const there = screen === 'worker' && (!stays || state.opened === null) ? workerFound(placed) : placed
  if (stays) return there
  const { activity, screens } = wordsOf(state)
  return logActivity(withoutFile({ ...there, cameFrom: openedFrom }), key, activity.screen(screens[screen]))
}

/**
 * Returns the state without the file that the log pane shows instead of the log. The file is closed
 * when the operator leaves its screen.
 */
function withoutFile(state: State): State {
  const { log } = state.logs
  return log.following || log.file === null
    ? state
    : { ...state, logs: { ...state.logs, log: { following: true } } }
}

/**
 * Returns the state with a worker on the worker screen: the opened worker, or the selected worker
 * if the opened worker is absent.
 */
function workerFound(state: State): State {
  const { opened, snapshot } = state
  const there = snapshot?.workers.some(({ workerId }) => workerId === opened?.workerId) ?? false
  const found = selectedWorker(state)
  return there || found === undefined ? state : { ...state, ...freshFor(found, state) }
}

/** Returns the initial state of the worker screen for a worker. The log follows its newest line. */
const freshFor = (worker: WorkerDocument, { logs }: State) => ({
  opened: worker,
  offsets: { facts: 0, timeline: 0 },
  logs: { ...logs, workerLog: { following: true } as const },
})

function screenKey(screen: ScreenName): Binding {
  return {
    keys: [SCREEN_TABLE[screen].key],
    group: 'screens',
    footer: 0,
    applies: always,
    run: (state, key) => noEffects(shown(state, screen, key)),
  }
}

function turned(state: State, step: number, key: string): State {
  const place = SCREENS.indexOf(state.screen) + step
  return shown(state, SCREENS[(place + SCREENS.length) % SCREENS.length] ?? 'dashboard', key)
}

/**
 * Functions that return the worker for a pane's selected row, which Enter opens: the selected
 * worker, or the worker that ran the job of the selected crash.
 */
const WORKERS: Readonly<Partial<Record<PaneName, (state: State) => WorkerDocument | undefined>>> = {
  workers: selectedWorker,
  crashes: state => {
    const crash = selectedCrash(state)
    return state.snapshot?.workers.find(({ workerId }) => workerId === crash?.workerId)
  },
}

const workerToOpen = (state: State): WorkerDocument | undefined => WORKERS[focusedPane(state)]?.(state)

/** Returns the state with the selected worker on the worker screen. */
export function opened(state: State, key: string): State {
  const worker = workerToOpen(state)
  if (worker === undefined) {
    return focusedPane(state) === 'crashes' ? shown(state, 'crashes', key, state.screen) : state
  }
  return workerShown(state, worker, key)
}

/** Returns the state with a worker on the worker screen. */
export function workerShown(state: State, worker: WorkerDocument, key: string): State {
  return shown({ ...state, ...freshFor(worker, state) }, 'worker', key, state.screen)
}

export const SCREEN_KEYS = {
  screenDashboard: screenKey('dashboard'),
  screenJobs: screenKey('jobs'),
  screenWorker: {
    ...screenKey('worker'),
    run: (state, key) => {
      const worker = state.screen === 'jobs' ? workerOfJob(state, Number(state.selected.jobs)) : undefined
      return noEffects(worker === undefined ? shown(state, 'worker', key) : workerShown(state, worker, key))
    },
  },
  screenLogs: screenKey('logs'),
  screenCrashes: screenKey('crashes'),
  screenDatabase: screenKey('database'),
  screenSchedules: screenKey('schedules'),
  screenSettings: screenKey('settings'),
  previousScreen: {
    keys: ['['],
    group: 'screens',
    footer: 0,
    applies: always,
    run: (state, key) => noEffects(turned(state, -1, key)),
  },
  nextScreen: {
    keys: [']'],
    group: 'screens',
    footer: 0,
    applies: always,
    run: (state, key) => noEffects(turned(state, 1, key)),
  },
  jobOpen: {
    keys: ['enter'],
    group: 'screens',
    footer: 4,
    applies: state => !state.help.open && focusedPane(state) === 'jobs',
    refusal: (state, { unavailable }) => (state.selected.jobs === null ? unavailable.noJob : null),
    run: state => noEffects(jobWanted(state, Number(state.selected.jobs))),
  },
  open: {
    keys: ['enter'],
    group: 'screens',
    footer: 10,
    applies: state => !state.help.open && focusedPane(state) in WORKERS && state.screen !== 'crashes',
    refusal: (state, words) =>
      workerToOpen(state) === undefined && focusedPane(state) !== 'crashes'
        ? words.unavailable.noWorker
        : null,
    run: (state, key) => noEffects(opened(state, key)),
  },
  helpClose: {
    keys: ['escape'],
    group: 'screens',
    footer: 1,
    applies: state => state.help.open,
    run: state => noEffects({ ...state, help: NO_HELP }),
  },
  back: {
    keys: ['escape'],
    group: 'screens',
    footer: 0,
    applies: always,
    run: (state, key) => {
      if (state.zoomed) return noEffects({ ...state, zoomed: false })
      if (focusedPane(state) === 'rows')
        return noEffects({ ...state, focus: { ...state.focus, database: 'tables' } })
      return noEffects(
        state.screen === 'dashboard' ? state : shown(state, state.cameFrom ?? 'dashboard', key),
      )
    },
  },
} satisfies Partial<Record<ActionId, Binding>>
