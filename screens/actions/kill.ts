import type { Catalogue } from '../../lib/locales/en.ts'
import type { ActionId, Binding } from '../binding.ts'
import { noEffects } from '../binding.ts'
import { markedJobs } from '../lists/multi-select.ts'
import type { KillQuestion } from '../overlays/overlay-state.ts'
import { isBusy } from '../../lib/app/port/worker-slots.ts'
import { targetJob } from '../selection.ts'
import { focusedPane } from '../state.ts'
import type { State } from '../state.ts'
import { unavailableReason } from './operate.ts'
import { onWorkers, takenWorker, workRefusal } from './takeover.ts'

const onJobs = (state: State) => !state.help.open && state.screen === 'jobs' && focusedPane(state) === 'jobs'

/**
 * Returns the question before workers are killed: the chosen worker, or all workers of the selected
 * or marked jobs. Returns undefined if none of these workers is busy.
 */
function killQuestion(state: State): KillQuestion | undefined {
  const workers = state.snapshot?.workers.filter(isBusy) ?? []
  const one = onWorkers(state) ? takenWorker(state) : undefined
  const marked = markedJobs(state)
  const wanted = new Set<number | undefined>(marked.length > 0 ? marked : [targetJob(state)?.id])
  const meant = workers.filter(({ workerId, job }) =>
    onWorkers(state) ? workerId === one?.workerId : wanted.has(job?.jobId),
  )
  const workflow = meant[0]?.job?.workflow
  if (workflow === undefined) return undefined
  const jobIds = [...new Set(meant.flatMap(({ job }) => job?.jobId ?? []))]
  const siblings =
    workers.filter(({ job }) => job !== null && jobIds.includes(job.jobId)).length - meant.length
  return {
    type: 'kill',
    parts: meant.flatMap(({ workerId, job }) =>
      job === null ? [] : [{ workerId, jobId: job.jobId, attempt: job.attempt }],
    ),
    jobIds,
    workflow,
    siblings,
    choice: 0,
  }
}

function nothingToKill(state: State, words: Catalogue): string | null {
  if (onWorkers(state)) return workRefusal(state, words)
  return killQuestion(state) === undefined ? words.unavailable.nothingRuns : null
}

export const KILL = {
  workerKill: {
    keys: ['X'],
    group: 'act',
    footer: 38,
    applies: state => onWorkers(state) || onJobs(state),
    refusal: (state, words) => unavailableReason(state, words) ?? nothingToKill(state, words),
    run: state => {
      const question = killQuestion(state)
      return noEffects(question === undefined ? state : { ...state, dialog: question })
    },
  },
} satisfies Partial<Record<ActionId, Binding>>
