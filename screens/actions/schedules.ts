import type { Schedule } from '../../lib/domain/schedule.ts'
import { durationText } from '../../lib/core/duration.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import type { ActionId, Binding } from '../binding.ts'
import { commanded, only, translatorOf, wordsOf } from '../binding.ts'
import { jsonLines } from '../cell-text.ts'
import { newScheduleForm, scheduleForm } from '../schedule-form.ts'
import { runsAhead } from '../schedule-next.ts'
import { scheduleRunWords, whenWords } from '../schedule-words.ts'
import { selectedSchedule } from '../selection.ts'
import { focusedPane } from '../state.ts'
import type { RecordEntry } from '../overlay-state.ts'
import type { State } from '../state.ts'
import { powerless } from './operate.ts'

const onSchedules = (state: State) => !state.help.open && focusedPane(state) === 'schedules'

const noSchedule = (state: State, { refused }: Catalogue) =>
  selectedSchedule(state) === undefined ? refused.noSchedule : null

const scheduleRefusal = (state: State, words: Catalogue) =>
  powerless(state, words) ?? noSchedule(state, words)

/** One that the configuration declares changes there alone. */
const declaredRefusal = (state: State, words: Catalogue) =>
  scheduleRefusal(state, words) ??
  (selectedSchedule(state)?.source === 'config' ? words.refused.scheduleDeclared : null)

const RUNS_SHOWN = 5

function entriesOf(state: State, schedule: Schedule): readonly RecordEntry[] {
  const t = translatorOf(state)
  const { schedules: words } = t.words
  const { last, jitterMs, catchUpMs } = schedule
  const runs = runsAhead(schedule, state.now, RUNS_SHOWN).map(at => t.stamp(at))
  const told =
    last === null
      ? ''
      : `${t.stamp(last.at)}  ${scheduleRunWords({ ...last, job: last.jobId, due: last.dueAt }, words)}`
  const entries = [
    { name: words.columns.workflow, text: schedule.workflow },
    { name: words.columns.when, text: whenWords(schedule, words) },
    { name: words.columns.next, text: schedule.paused ? words.paused : runs.join('\n') },
    { name: words.columns.last, text: told },
    { name: words.facts.input, text: jsonLines(JSON.stringify(schedule.input)) },
    { name: words.facts.overlap, text: words.overlap[schedule.overlap] },
    { name: words.facts.jitter, text: jitterMs === 0 ? '' : durationText(jitterMs) },
    { name: words.facts.catchUp, text: catchUpMs === 0 ? '' : durationText(catchUpMs) },
    { name: words.columns.from, text: words.source[schedule.source] },
  ]
  return entries.filter(({ text }) => text !== '')
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
      if (schedule === undefined) return only(state)
      const entries = entriesOf(state, schedule)
      return only({ ...state, overlay: { type: 'record', title: schedule.name, entries, offset: 0 } })
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
      if (name === undefined) return only(state)
      return commanded(state, key, { type: 'schedule.run', name }, wordsOf(state).did.scheduleRun(name))
    },
  },
  schedulePause: {
    keys: ['p'],
    group: 'act',
    footer: 3,
    applies: onSchedules,
    refusal: scheduleRefusal,
    run: (state, key) => {
      const schedule = selectedSchedule(state)
      if (schedule === undefined) return only(state)
      const { name, paused } = schedule
      const { did } = wordsOf(state)
      const said = paused ? did.scheduleResume(name) : did.schedulePause(name)
      return commanded(state, key, { type: 'schedule.pause', name, paused: !paused }, said)
    },
  },
  scheduleNew: {
    keys: ['n'],
    group: 'act',
    footer: 4,
    applies: onSchedules,
    refusal: (state, words) => {
      const none = (state.snapshot?.scheduler?.workflows.length ?? 0) === 0
      return powerless(state, words) ?? (none ? words.refused.noWorkflows : null)
    },
    run: state => only(newScheduleForm(state)),
  },
  scheduleEdit: {
    keys: ['e'],
    group: 'act',
    footer: 5,
    applies: onSchedules,
    refusal: declaredRefusal,
    run: state => {
      const schedule = selectedSchedule(state)
      return only(schedule === undefined ? state : scheduleForm(state, schedule))
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
      if (name === undefined) return only(state)
      return only({ ...state, dialog: { type: 'remove-schedule', name, choice: 0 } })
    },
  },
} satisfies Partial<Record<ActionId, Binding>>
