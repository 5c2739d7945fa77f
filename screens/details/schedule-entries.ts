import { durationText } from '../../lib/core/time/duration.ts'
import type { Schedule } from '../../lib/model/schedule/schedule.ts'
import { translatorOf } from '../binding.ts'
import { jsonLines } from './cell-text.ts'
import { inputShown } from '../forms/form-field.ts'
import { jobsNeedingAttention } from '../../lib/app/port/attention.ts'
import type { RecordEntry } from '../overlays/overlay-state.ts'
import { runsAhead } from './schedule-next.ts'
import { lastRunWords, whenWords } from './schedule-words.ts'
import type { State } from '../state.ts'

const RUNS_SHOWN = 5

/** Returns all facts of a schedule, with its next runs and the state of its last run. */
export function scheduleEntries(state: State, schedule: Schedule): readonly RecordEntry[] {
  const t = translatorOf(state)
  const { schedules: words } = t.words
  const { last, jitterMs, catchUpMs } = schedule
  const runs = runsAhead(schedule, state.now, RUNS_SHOWN).map(at => t.stamp(at))
  const workflow = state.snapshot?.scheduler?.workflows.find(({ name }) => name === schedule.workflow)
  const input = inputShown(workflow?.inputSchema ?? {}, schedule.input)
  const entries = [
    { name: words.columns.workflow, text: schedule.workflow },
    { name: words.columns.when, text: whenWords(schedule, words) },
    { name: words.columns.next, text: schedule.paused ? words.paused : runs.join('\n') },
    {
      name: words.columns.last,
      text:
        last === null
          ? ''
          : `${t.stamp(last.at)}  ${lastRunWords(last, jobsNeedingAttention(state.snapshot?.workers ?? []), t.words)}`,
    },
    { name: words.facts.input, text: jsonLines(JSON.stringify(input)) },
    { name: words.facts.overlap, text: words.overlap[schedule.overlap] },
    { name: words.facts.jitter, text: jitterMs === 0 ? '' : durationText(jitterMs) },
    { name: words.facts.catchUp, text: catchUpMs === 0 ? '' : durationText(catchUpMs) },
    { name: words.columns.from, text: words.source[schedule.source] },
  ]
  return entries.filter(({ text }) => text !== '')
}

/** Returns the state with the open record of a schedule updated from the latest snapshot. */
export function scheduleFollowed(state: State): State {
  const { overlay } = state
  if (overlay?.type !== 'record' || overlay.schedule === undefined) return state
  const schedule = state.snapshot?.schedules.find(({ name }) => name === overlay.schedule)
  if (schedule === undefined) return state
  return { ...state, overlay: { ...overlay, entries: scheduleEntries(state, schedule) } }
}
