import { localTime } from '../../lib/core/local-time.ts'
import { silenceOf } from '../../lib/domain/scheduler-silence.ts'
import { missingWorkflowWords } from '../../lib/locales/missing-workflow-words.ts'
import type { Translator } from '../../lib/locales/translator.ts'
import { slotsTaken } from '../../screens/at-work.ts'
import { schedulerPhase } from '../../screens/scheduler-phase.ts'
import type { KnownScheduler } from '../../screens/scheduler-phase.ts'
import type { ProjectState } from '../project-state.ts'

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
