import { batchProgress } from '../../lists/progress.ts'
import type { State } from '../../state.ts'
import type { Taskbar } from '../drawing/row.ts'

/**
 * Returns the progress of the batch for the taskbar: red after a failed job, yellow while a worker
 * waits for a person. Null if the terminal would interpret the sequence in another way.
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
