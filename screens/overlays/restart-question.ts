import { isTyping } from './picture.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import type { State } from '../state.ts'

/**
 * Returns the version that was installed while the scheduler of this console was running; null if a
 * restart would change nothing.
 */
export function installedVersion(snapshot: Snapshot | null): string | null {
  return snapshot?.connection === 'scheduling' ? (snapshot.scheduler?.replaced?.version ?? null) : null
}

/** Opens the question about a restart, once for each version, as soon as no box is open. */
export function restartAsked(state: State): State {
  const version = installedVersion(state.snapshot)
  if (version === null || version === state.askedVersion) return state
  const isBusy = [state.dialog, state.overlay, state.prompt, state.quitting].some(one => one !== null)
  if (state.readOnly || isBusy || isTyping(state)) return state
  return { ...state, askedVersion: version, dialog: { type: 'restart', version, choice: 0 } }
}
