import { isTyping } from './picture.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import type { State } from '../state.ts'

/** The version that was installed under this console's own scheduler; null when there is none to restart into. */
export function installedVersion(snapshot: Snapshot | null): string | null {
  return snapshot?.connection === 'scheduling' ? (snapshot.scheduler?.replaced?.version ?? null) : null
}

/** Asks once for each version, as soon as nothing else is open. */
export function restartAsked(state: State): State {
  const version = installedVersion(state.snapshot)
  if (version === null || version === state.askedVersion) return state
  const isBusy = [state.dialog, state.overlay, state.prompt, state.quitting].some(one => one !== null)
  if (state.readOnly || isBusy || isTyping(state)) return state
  return { ...state, askedVersion: version, dialog: { type: 'restart', version, choice: 0 } }
}
