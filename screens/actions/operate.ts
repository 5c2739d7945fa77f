import type { Catalogue } from '../../lib/locales/en.ts'
import { isBusy } from '../../lib/app/port/worker-slots.ts'
import type { ActionId, Binding } from '../binding.ts'
import { dispatchCommand, logActivity, noEffects, wordsOf } from '../binding.ts'
import { filterJobs } from '../lists/filter-jobs.ts'
import { NO_TEXT, lineOf } from '../line.ts'
import { canCancel, canRetry, markPane, toggleMark, markedFor, markedJobs } from '../lists/multi-select.ts'
import { SCHEDULER, schedulerPhase, serviceState } from '../../lib/app/port/scheduler-phase.ts'
import { deadJobs, selectedService, targetJob } from '../selection.ts'
import { focusedPane } from '../state.ts'
import type { State } from '../state.ts'
import { moveCursor } from './move.ts'

const onServices = (state: State) => !state.help.open && focusedPane(state) === 'services'

const onJobs = (state: State) =>
  !state.help.open &&
  (state.screen === 'worker' || ['workers', 'jobs', 'crashes'].includes(focusedPane(state)))

const onQueue = (state: State) => !state.help.open && focusedPane(state) === 'jobs'

const onJobLists = (state: State) => !state.help.open && ['jobs', 'crashes'].includes(focusedPane(state))

/** Returns why no command is possible now; null if commands are possible. */
export function unavailableReason({ readOnly, snapshot }: State, { unavailable }: Catalogue): string | null {
  if (readOnly) return unavailable.readOnly
  if (snapshot === null || snapshot.connection === 'connecting') return unavailable.notConnected
  return snapshot.connection === 'lost' ? unavailable.lost : null
}

/**
 * Returns why no workflow can be started; null if one can. The workflows are unknown until the
 * scheduler has started.
 */
export function workflowRefusal(state: State, words: Catalogue): string | null {
  const { snapshot } = state
  if ((snapshot?.scheduler?.workflows.length ?? 0) > 0) return unavailableReason(state, words)
  const starts = snapshot !== null && schedulerPhase(snapshot) === 'starting'
  return (
    unavailableReason(state, words) ??
    (starts ? words.unavailable.workflowsUnread : words.unavailable.noWorkflows)
  )
}

function serviceRefusal(state: State, words: Catalogue): string | null {
  return (
    unavailableReason(state, words) ??
    (selectedService(state) === undefined ? words.unavailable.noService : null)
  )
}

type Verb = 'start' | 'stop' | 'restart'

function serviceBinding(key: string, verb: Verb, footer: number, refusal: Binding['refusal']): Binding {
  return {
    keys: [key],
    group: 'act',
    footer,
    applies: onServices,
    refusal: (state, words) => serviceRefusal(state, words) ?? refusal?.(state, words) ?? null,
    run: state => {
      const service = selectedService(state)
      if (service === undefined) return noEffects(state)
      const { activity } = wordsOf(state)
      const said = {
        start: activity.serviceStart,
        stop: activity.serviceStop,
        restart: activity.serviceRestart,
      }
      // The desired state of a failed service is still "running", so only a restart changes
      // anything.
      const wish = verb === 'start' && service.desired === 'running' ? 'restart' : verb
      return dispatchCommand(
        state,
        key,
        { type: `service.${wish}`, name: service.name },
        said[verb](service.name),
      )
    },
  }
}

const schedulerRests = ({ snapshot }: State): boolean =>
  snapshot?.services.some(({ name, actual }) => name === SCHEDULER && actual === 'stopped') ?? false

/**
 * Returns the binding that stops the scheduler's claims of jobs, or starts them again. It applies
 * if the list of jobs has the focus, or if the scheduler is the selected service.
 */
function claimsBinding(verb: 'start' | 'stop', rests: boolean): Binding {
  return {
    keys: ['p'],
    group: 'act',
    footer: 36,
    applies: state =>
      schedulerRests(state) === rests &&
      (onQueue(state) || (onServices(state) && selectedService(state)?.name === SCHEDULER)),
    refusal: unavailableReason,
    run: (state, key) => {
      const { claimsPause, claimsResume } = wordsOf(state).activity
      const said = rests ? claimsResume : claimsPause
      return dispatchCommand(state, key, { type: `service.${verb}`, name: SCHEDULER }, said)
    },
  }
}

function cancelRefusal(state: State, words: Catalogue): string | null {
  if (markedJobs(state).length > 0)
    return markedFor(state, 'cancel').length > 0 ? null : words.unavailable.markedEnded
  const target = targetJob(state)
  if (target === undefined) return words.unavailable.noJob
  // All running jobs are listed. So an unlisted job of a worker that has ended is not running, and
  // may have ended long ago.
  if (target.job === undefined && onEndedWorker(state)) return words.unavailable.workerEnded
  return canCancel(target.job) ? null : words.unavailable.jobEnded(target.id)
}

const onEndedWorker = ({ screen, opened }: State) => screen === 'worker' && opened?.state === 'exited'

function retryRefusal(state: State, words: Catalogue): string | null {
  if (markedJobs(state).length > 0)
    return markedFor(state, 'retry').length > 0 ? null : words.unavailable.markedNotEnded
  const target = targetJob(state)
  if (target === undefined) return words.unavailable.noJob
  return canRetry(target.job) ? null : words.unavailable.jobNotEnded(target.id)
}

/** Opens one dialog for all marked jobs to which the action applies. */
function askedMarked(state: State, verb: 'cancel' | 'retry'): State {
  const ids = markedFor(state, verb)
  const left = markedJobs(state).length - ids.length
  return { ...state, dialog: { type: 'marked', verb, ids, left, choice: 0 } }
}

export const OPERATE = {
  takeOver: {
    keys: ['s'],
    group: 'act',
    footer: 1,
    applies: state => state.snapshot?.connection === 'lost',
    refusal: ({ readOnly }, words) => (readOnly ? words.unavailable.readOnly : null),
    run: (state, key) => dispatchCommand(state, key, { type: 'take-over' }, wordsOf(state).activity.takeOver),
  },
  tryAgain: {
    keys: ['s'],
    group: 'act',
    footer: 1,
    applies: state => (state.snapshot?.problem ?? null) !== null,
    refusal: ({ readOnly }, words) => (readOnly ? words.unavailable.readOnly : null),
    run: (state, key) => dispatchCommand(state, key, { type: 'take-over' }, wordsOf(state).activity.tryAgain),
  },
  serviceStart: serviceBinding('s', 'start', 2, (state, words) => {
    const service = selectedService(state)
    if (service?.actual === 'running') return words.unavailable.serviceRuns(service.name)
    const starts = service?.actual === 'starting' && service.desired === 'running'
    return starts ? words.unavailable.serviceStarts(service.name) : null
  }),
  serviceStop: serviceBinding('x', 'stop', 3, (state, words) => {
    const service = selectedService(state)
    if (service?.actual !== 'stopped') return null
    const { snapshot } = state
    const is = snapshot === null ? words.serviceState.stopped : serviceState(service, snapshot, words)
    return words.unavailable.serviceStopped(service.name, is)
  }),
  serviceRestart: serviceBinding('r', 'restart', 4, undefined),
  claimsResume: claimsBinding('start', true),
  claimsPause: claimsBinding('stop', false),
  jobCancel: {
    keys: ['x'],
    group: 'act',
    footer: 3,
    applies: onJobs,
    refusal: (state, words) => unavailableReason(state, words) ?? cancelRefusal(state, words),
    run: state => {
      if (markedJobs(state).length > 0) return noEffects(askedMarked(state, 'cancel'))
      const target = targetJob(state)
      if (target === undefined) return noEffects(state)
      const members = state.snapshot?.workers.filter(({ job }) => job?.jobId === target.id) ?? []
      const workflow = target.job?.workflow ?? members[0]?.job?.workflow ?? '?'
      const workers = members.filter(isBusy).length
      return noEffects({
        ...state,
        dialog: { type: 'cancel', jobId: target.id, workflow, workers, choice: 0 },
      })
    },
  },
  jobRetry: {
    keys: ['r'],
    group: 'act',
    footer: 4,
    applies: onJobs,
    refusal: (state, words) => unavailableReason(state, words) ?? retryRefusal(state, words),
    run: (state, key) => {
      if (markedJobs(state).length > 0) return noEffects(askedMarked(state, 'retry'))
      const target = targetJob(state)
      if (target === undefined) return noEffects(state)
      return dispatchCommand(
        state,
        key,
        { type: 'job.retry', id: target.id },
        wordsOf(state).activity.jobRetry(target.id),
      )
    },
  },
  mark: {
    keys: ['space'],
    group: 'act',
    footer: 5,
    applies: state => markPane(state) !== undefined,
    refusal: (state, words) => {
      const pane = markPane(state)
      return pane === undefined || state.selected[pane] === null ? words.unavailable.noRow : null
    },
    run: state => {
      const pane = markPane(state)
      const id = pane === undefined ? null : state.selected[pane]
      if (pane === undefined || id === null) return noEffects(state)
      return noEffects(moveCursor(toggleMark(state, pane, id), pane, 1))
    },
  },
  markClear: {
    keys: ['escape'],
    group: 'act',
    footer: 0,
    applies: state => {
      const pane = markPane(state)
      return pane !== undefined && !state.zoomed && state.marked[pane].length > 0
    },
    run: (state, key) => {
      const pane = markPane(state)
      if (pane === undefined) return noEffects(state)
      const next = { ...state, marked: { ...state.marked, [pane]: [] } }
      return noEffects(logActivity(next, key, wordsOf(state).activity.marksOff))
    },
  },
  jobsFilter: {
    keys: ['/'],
    group: 'view',
    footer: 11,
    applies: onQueue,
    run: state => noEffects({ ...state, prompt: { type: 'jobs', line: lineOf(state.jobsFilter) } }),
  },
  jobsAll: {
    keys: ['escape'],
    group: 'view',
    footer: 0,
    applies: state => onQueue(state) && !state.zoomed && state.jobsFilter !== '',
    run: (state, key) => noEffects(filterJobs(state, '', key)),
  },
  jobStart: {
    keys: ['n'],
    group: 'act',
    footer: 2,
    applies: onQueue,
    refusal: workflowRefusal,
    run: state => noEffects({ ...state, overlay: { type: 'start', line: NO_TEXT, choice: 0 } }),
  },
  jobRetryDead: {
    keys: ['R'],
    group: 'act',
    footer: 30,
    applies: onJobLists,
    refusal: (state, words) =>
      unavailableReason(state, words) ?? (deadJobs(state) === 0 ? words.unavailable.noDeadJobs : null),
    run: state => noEffects({ ...state, dialog: { type: 'retry-dead', choice: 0 } }),
  },
} satisfies Partial<Record<ActionId, Binding>>
