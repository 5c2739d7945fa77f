import { isDeepStrictEqual } from 'node:util'
import { CONFIG_FILES } from '../../config/config-files.ts'
import { SETTINGS } from '../../config/config.ts'
import type { Setting } from '../../config/config.ts'
import { NEEDS_RESTART } from '../../config/needs-restart.ts'
import { publicValue } from '../../config/public-value.ts'
import type { Control } from '../../control/control.ts'
import type { Clock } from '../../core/time/clock.ts'
import { messageOf } from '../../core/errors/errors.ts'
import type { Log } from '../../core/log.ts'
import { watchFiles } from '../../files/watch/watch-files.ts'
import { controlSettings } from './control-settings.ts'
import type { Project } from './project.ts'

export interface FollowConfig {
  /** The project as it was when the scheduler started. */
  readonly project: Project
  /**
   * Scheduler that applies the configuration; null if the scheduler is another process, which then
   * also logs the changes.
   */
  readonly control: Pick<Control, 'apply'> | null
  readonly log: Log
  readonly clock: Clock
}

export interface ConfigFollower {
  /** The project with its last valid configuration. */
  readonly current: Project
  close(): Promise<void>
}

/**
 * Pause before the configuration is applied again. The scheduler's store may refuse writes, for
 * example because the disk is full.
 */
const APPLY_AGAIN_MS = 5_000

/**
 * Reads the configuration again after a change to its file or to `.env`, and passes it to the
 * running scheduler. Changes during the start of the scheduler count too. Logs what changed, and
 * which changes need a restart. An invalid configuration is logged and changes nothing. If the
 * scheduler could not apply a configuration completely, it is passed again later.
 */
export function followConfig({ project, control, log, clock }: FollowConfig): ConfigFollower {
  let known = project
  /** The project with the last configuration that the scheduler has applied completely. */
  let applied = project
  let isFailing = false
  let forget: () => void = () => undefined
  let reading = Promise.resolve()
  let refused = false
  const read = async () => {
    try {
      const next = await known.reread()
      controlSettings(next)
      next.giveVariables()
      known = next
    } catch (error) {
      if (control === null) return
      refused = true
      log.error(
        `The changed configuration cannot be used, so the previous one remains in use: ${messageOf(error)}`,
      )
      return
    }
    await apply()
  }
  const apply = async () => {
    if (control === null) return
    forget()
    try {
      // Applied even if no setting has changed, because a variable of the same name may contain
      // another secret.
      await control.apply(controlSettings(known))
    } catch (error) {
      if (!isFailing)
        log.error(
          `The changed configuration could not be applied completely and will be applied again: ${messageOf(error)}`,
        )
      isFailing = true
      forget = clock.after(APPLY_AGAIN_MS, () => {
        reading = reading.then(apply)
      })
      return
    }
    const changed = SETTINGS.filter(setting => differs(applied, known, setting))
    if (refused && changed.length === 0) log.info('The configuration can be used again and is unchanged.')
    refused = false
    isFailing = false
    applied = known
    logChanges(log, project, known, changed)
  }
  const watch = watchFiles({
    ...{ folder: project.paths.root, names: CONFIG_FILES, clock },
    hasChanged: () => known.hasChanged(),
    onChange: () => {
      reading = reading.then(read)
    },
    onWarning: message => {
      // If another process schedules, that process logs the warning.
      if (control !== null) log.warn(message)
    },
  })
  return {
    get current() {
      return known
    },
    close: async () => {
      await watch.close()
      await reading
      forget()
    },
  }
}

function logChanges(log: Log, started: Project, next: Project, changed: readonly Setting[]): void {
  const taken = changed.filter(setting => !NEEDS_RESTART.has(setting))
  if (taken.length > 0) {
    const values = taken.map(
      setting => `${setting} = ${JSON.stringify(publicValue(next.resolved.config, setting))}`,
    )
    log.info(`The configuration has changed and is in use: ${values.join(', ')}.`)
  }
  const waiting = SETTINGS.filter(setting => NEEDS_RESTART.has(setting) && differs(started, next, setting))
  if (waiting.some(setting => changed.includes(setting))) {
    log.warn(
      `The configuration has changed and takes effect after a restart of the scheduler: ${waiting.join(', ')}.`,
    )
  }
}

function differs(one: Project, other: Project, setting: Setting): boolean {
  if (!isDeepStrictEqual(one.resolved.config[setting], other.resolved.config[setting])) return true
  // The password may have changed although the name of its variable has not.
  return setting === 'credentials' && !isDeepStrictEqual(one.sites(), other.sites())
}
