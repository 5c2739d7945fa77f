import { localTime } from '../../lib/core/local-time.ts'
import { missingWorkflowWords } from '../../lib/locales/missing-workflow-words.ts'
import type { Translator } from '../../lib/locales/translator.ts'
import { slotsTaken } from '../../screens/at-work.ts'
import { schedulerPhase } from '../../screens/scheduler-phase.ts'
import type { KnownScheduler } from '../../screens/scheduler-phase.ts'
import type { ProjectState } from '../project-state.ts'

/** A living scheduler rewrites its document every ten seconds: one that misses two of them on a busy machine is not suspected yet. */
const SILENT_AFTER_MS = 25_000

/** The state of a scheduler, a warning when it is silent, and the command that starts it where it does not run. */
export function schedulerLines(
  known: KnownScheduler & Pick<ProjectState, 'workers'>,
  t: Pick<Translator, 'words' | 'duration' | 'stamp'>,
  now: number,
): string[] {
  const { scheduler } = known
  const { words, duration } = t
  const { commands } = words
  if (scheduler === null) return [commands.noScheduler, commands.startScheduler]
  const phase = schedulerPhase(known)
  const { slots, updatedAt } = scheduler
  const taken = slotsTaken(scheduler, known.workers)
  const line = commands.schedulerLine(words.schedulerPhase[phase], taken, slots, localTime(updatedAt))
  if (phase === 'stopped') return [line, commands.startScheduler]
  const silentMs = silenceOf(scheduler, now)
  return [
    line,
    ...(silentMs === null ? [] : [commands.schedulerSilent(duration(silentMs))]),
    ...(scheduler.replaced === undefined
      ? []
      : [commands.schedulerReplaced(scheduler.program, scheduler.replaced.version)]),
    ...(scheduler.missing ?? []).map(one => commands.jobsWait(missingWorkflowWords(one, t))),
    ...(phase === 'paused' ? [commands.schedulerPaused] : []),
  ]
}

/** Returns for how long a scheduler has been silent; null if it does not run, or answers. */
export function silenceOf(scheduler: KnownScheduler['scheduler'], now: number): number | null {
  if (scheduler === null || scheduler.phase === 'stopped') return null
  const silentMs = now - scheduler.updatedAt
  return silentMs < SILENT_AFTER_MS ? null : silentMs
}
