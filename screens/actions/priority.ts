import { PRIORITY_RANGE } from '../../lib/model/job/job.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import type { ActionId, Binding } from '../binding.ts'
import { dispatchCommand, noEffects, wordsOf } from '../binding.ts'
import { canPrioritise, markedFor, markedJobs } from '../lists/multi-select.ts'
import { targetJob } from '../selection.ts'
import { focusedPane } from '../state.ts'
import type { State } from '../state.ts'
import { unavailableReason } from './operate.ts'

/**
 * Change of the priority at one key press. Ten steps of priority count as much as ten minutes of
 * waiting.
 */
const STEP = 10

const onJobs = (state: State) => !state.help.open && focusedPane(state) === 'jobs'

/** Returns the ids of the jobs to change: all marked jobs that wait, or the selected job. */
function idsFor(state: State): readonly number[] {
  if (markedJobs(state).length > 0) return markedFor(state, 'prioritise')
  const target = targetJob(state)
  return target === undefined ? [] : [target.id]
}

function refusal(state: State, { unavailable }: Catalogue, by: number): string | null {
  const ids = idsFor(state)
  if (markedJobs(state).length > 0) {
    if (ids.length === 0) return unavailable.markedNotWaiting
  } else {
    const target = targetJob(state)
    if (target === undefined) return unavailable.noJob
    const { id, job } = target
    if (!canPrioritise(job))
      return job?.state === 'running' ? unavailable.jobRuns(id) : unavailable.jobOver(id)
  }
  const { min, max } = PRIORITY_RANGE
  const end = by > 0 ? max : min
  const jobs = state.snapshot?.jobs.filter(({ id }) => ids.includes(id)) ?? []
  if (jobs.length < ids.length || jobs.some(({ priority }) => priority !== end)) return null
  return by > 0 ? unavailable.jobSoonest(max) : unavailable.jobLatest(min)
}

function priorityBinding(key: string, by: number, footer: number): Binding {
  return {
    keys: [key],
    group: 'act',
    footer,
    applies: onJobs,
    refusal: (state, words) => unavailableReason(state, words) ?? refusal(state, words, by),
    run: state => {
      const ids = idsFor(state)
      const [first] = ids
      if (first === undefined) return noEffects(state)
      const { activity } = wordsOf(state)
      const one = by > 0 ? activity.jobSooner : activity.jobLater
      const marked = by > 0 ? activity.markedSooner : activity.markedLater
      const said = markedJobs(state).length > 0 ? marked(ids.length) : one(first)
      return dispatchCommand(state, key, { type: 'jobs.prioritise', ids, by }, said)
    },
  }
}

export const PRIORITY = {
  jobSooner: priorityBinding('+', STEP, 6),
  jobLater: priorityBinding('-', -STEP, 7),
} satisfies Partial<Record<ActionId, Binding>>
