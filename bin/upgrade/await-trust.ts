import { systemClock } from '../../lib/core/time/clock.ts'
import { delay } from '../../lib/core/time/timeout.ts'
import { ProjectTrust } from '../../lib/control/project-trust.ts'
import type { LogLine } from '../../lib/model/log-line.ts'
import { wordsOf } from '../../lib/app/project/project.ts'
import type { Project } from '../../lib/app/project/project.ts'
import { troubleLine } from '../reporter/format.ts'
import { onStopSignal } from '../shutdown-signals.ts'
import { notifyDirectly } from './notify-directly.ts'

/** As often as a scheduler looks. */
const LOOK_MS = 2_000

/**
 * Waits until no other user can change the project or the installed program, which this process is about to become; without a scheduler, it says so on stderr and on every
 * channel itself. Resolves with false at a stop signal.
 */
export async function awaitTrust(project: Project): Promise<boolean> {
  const stop = new AbortController()
  const forget = onStopSignal(() => stop.abort())
  const words = wordsOf(project)
  const say = (level: LogLine['level']) => (message: string) =>
    void process.stderr.write(`${troubleLine({ at: systemClock.now(), level, message }, words)}\n`)
  const trust = new ProjectTrust({
    requireTrust: () => project.requireTrust('program'),
    log: { debug: () => undefined, info: () => undefined, warn: say('warn'), error: say('error') },
    notify: notice => {
      notifyDirectly(project, notice).catch(() => undefined)
    },
    onChange: () => undefined,
  })
  try {
    while (!stop.signal.aborted) {
      if (trust.check()) return true
      await delay(LOOK_MS, systemClock, stop.signal)
    }
    return false
  } finally {
    forget()
  }
}
