import type { Catalogue } from '../../lib/locales/en.ts'
import type { ActionId, Binding } from '../binding.ts'
import { dispatchCommand, noEffects, wordsOf } from '../binding.ts'
import { newScheduleForm, scheduleForm } from '../forms/schedule-form.ts'
import { scheduleEntries } from '../details/schedule-entries.ts'
import { selectedSchedule } from '../selection.ts'
import { focusedPane } from '../state.ts'
import type { State } from '../state.ts'
import { unavailableReason, workflowRefusal } from './operate.ts'

const onSchedules = (state: State) => !state.help.open && focusedPane(state) === 'schedules'

const noSchedule = (state: State, { unavailable }: Catalogue) =>
  selectedSchedule(state) === undefined ? unavailable.noSchedule : null

const scheduleRefusal = (state: State, words: Catalogue) =>
  unavailableReason(state, words) ?? noSchedule(state, words)

/**
 * Returns why the selected schedule cannot be changed in the console; null if it can. A schedule
 * that the configuration file declares can be changed only in that file.
 */
const declaredRefusal = (state: State, words: Catalogue) =>
  scheduleRefusal(state, words) ??
  (selectedSchedule(state)?.source === 'config' ? words.unavailable.scheduleDeclared : null)

/**
 * Returns the binding that pauses the selected schedule (`paused` is true) or resumes it. Both
 * bindings have the same key.
 */
function pauseBinding(paused: boolean): Binding {
  return {
    keys: ['p'],
    group: 'act',
    footer: 3,
    applies: state => onSchedules(state) && (selectedSchedule(state)?.paused ?? false) !== paused,
    refusal: scheduleRefusal,
    run: (state, key) => {
      const name = selectedSchedule(state)?.name
      if (name === undefined) return noEffects(state)
      const { activity } = wordsOf(state)
      const said = paused ? activity.schedulePause(name) : activity.scheduleResume(name)
      return dispatchCommand(state, key, { type: 'schedule.pause', name, paused }, said)
    },
  }
}

export const SCHEDULES = {
  scheduleOpen: {
    keys: ['enter'],
    group: 'screens',
    footer: 10,
    applies: onSchedules,
    refusal: noSchedule,
    run: state => {
      const schedule = selectedSchedule(state)
      if (schedule === undefined) return noEffects(state)
      const { name } = schedule
      const entries = scheduleEntries(state, schedule)
      return noEffects({
        ...state,
        overlay: { type: 'record', title: name, entries, offset: 0, schedule: name },
      })
    },
  },
  scheduleRun: {
    keys: ['s'],
    group: 'act',
    footer: 2,
    applies: onSchedules,
    refusal: scheduleRefusal,
    run: (state, key) => {
      const name = selectedSchedule(state)?.name
      if (name === undefined) return noEffects(state)
      return dispatchCommand(
        state,
        key,
        { type: 'schedule.run', name },
        wordsOf(state).activity.scheduleRun(name),
      )
    },
  },
  scheduleResume: pauseBinding(false),
  schedulePause: pauseBinding(true),
  scheduleNew: {
    keys: ['n'],
    group: 'act',
    footer: 4,
    applies: onSchedules,
    refusal: workflowRefusal,
    run: state => noEffects(newScheduleForm(state)),
  },
  scheduleEdit: {
    keys: ['e'],
    group: 'act',
    footer: 5,
    applies: onSchedules,
    refusal: declaredRefusal,
    run: state => {
      const schedule = selectedSchedule(state)
      return noEffects(schedule === undefined ? state : scheduleForm(state, schedule))
    },
  },
  scheduleRemove: {
    keys: ['d'],
    group: 'act',
    footer: 6,
    applies: onSchedules,
    refusal: declaredRefusal,
    run: state => {
      const name = selectedSchedule(state)?.name
      if (name === undefined) return noEffects(state)
      return noEffects({ ...state, dialog: { type: 'remove-schedule', name, choice: 0 } })
    },
  },
} satisfies Partial<Record<ActionId, Binding>>
