import { batchProgress } from '../../lists/progress.ts'
import type { State } from '../../state.ts'
import type { Taskbar } from '../drawing/row.ts'

/**
 * The progress of the work since the queue was last empty. Red once a job of it has failed, yellow while a person is waited for: seen without a look at
 * the window. Null where the terminal would take it for something else.
 */
export function taskbarOf({ snapshot, batch, taskbar }: State): Taskbar | null {
  if (!taskbar) return null
  if (snapshot === null || batch === null) return IDLE
  const { ended, failed, left } = batchProgress(batch, snapshot.counts)
  if (left === 0) return IDLE
  const percent = Math.floor((ended / (ended + left)) * 100)
  if (snapshot.workers.some(({ waiting }) => waiting?.for === 'person')) return { state: 'waiting', percent }
  if (failed > 0) return { state: 'failed', percent }
  return ended === 0 ? { state: 'busy', percent } : { state: 'going', percent }
}

const IDLE: Taskbar = { state: 'idle', percent: 0 }
