import { localTime } from '../../lib/core/time/local-time.ts'
import { missingWorkflowWords } from '../../lib/locales/format/missing-workflow-words.ts'
import type { Translator } from '../../lib/locales/translator.ts'
import { usedSlots } from '../../lib/app/port/worker-slots.ts'
import { schedulerPhase } from '../../lib/app/port/scheduler-phase.ts'
import type { KnownScheduler } from '../../lib/app/port/scheduler-phase.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import type { ProjectState } from '../../lib/app/queries/project-state.ts'

/**
 * Returns the lines for the state of a scheduler. They include a warning if it does not respond or
 * cannot write its state, and the command that starts it if it is not running.
 */
export function schedulerLines(
  known: KnownScheduler & Pick<ProjectState, 'workers'> & Pick<Snapshot, 'silentMs' | 'unwritten'>,
  t: Pick<Translator, 'words' | 'duration' | 'stamp'>,
): string[] {
  const { scheduler } = known
  const { words, duration } = t
  const { commands } = words
  if (scheduler === null) return [commands.noScheduler, commands.startScheduler]
  const phase = schedulerPhase(known)
  const { slots, updatedAt } = scheduler
  const taken = usedSlots(scheduler, known.workers)
  const line = commands.schedulerLine(words.schedulerPhase[phase], taken, slots, localTime(updatedAt))
  if (phase === 'stopped') return [line, commands.startScheduler]
  const { silentMs, unwritten } = known
  return [
    line,
    ...(silentMs === null ? [] : [commands.schedulerSilent(duration(silentMs))]),
    ...(unwritten === null ? [] : [commands.schedulerUnwritten(unwritten)]),
    ...(scheduler.replaced === undefined
      ? []
      : [commands.schedulerReplaced(scheduler.program, scheduler.replaced.version)]),
    ...(scheduler.missing ?? []).map(one => commands.jobsWait(missingWorkflowWords(one, t))),
    ...(phase === 'paused' ? [commands.schedulerPaused] : []),
  ]
}
