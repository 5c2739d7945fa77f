import { z } from 'zod'
import { messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { ClaimScope } from '../../../model/job/job.ts'
import { readJsonIfExistsSync, writeJsonSync } from '../../../files/documents/atomic-json.ts'

interface RetentionOf {
  readonly paths: Pick<ProjectPaths, 'retention'>
  readonly log: Log
  /**
   * Jobs to which the scheduler is restricted; undefined for the scheduler of the whole project.
   */
  readonly scope?: ClaimScope
}

/**
 * Returns the retention settings of a scheduler. A scheduler of the whole project uses its own
 * settings and stores them. A scheduler of a single job may have been started from a shell with
 * other settings than those of the project's service. It therefore keeps at least as much history
 * as the last scheduler of the whole project.
 */
export function retentionSettings(
  { paths, log, scope }: RetentionOf,
  settings: RetentionSettings,
): RetentionSettings {
  // `parse` drops all other settings.
  const own = RetentionSettings.parse(settings)
  try {
    if (scope === undefined) {
      writeJsonSync(paths.retention, { kind: 'retention', version: 1, ...own })
      return own
    }
    const stored = readJsonIfExistsSync(paths.retention, RetentionDocument)
    return stored === undefined ? own : longest(own, stored)
  } catch (error) {
    log.warn(`The retention settings of the project could not be stored or read: ${messageOf(error)}`)
    return scope === undefined ? own : longest(own, EVERYTHING)
  }
}

/**
 * Settings with which nothing is removed. Used by a scheduler of a single job that cannot read the
 * retention of the project.
 */
const EVERYTHING: RetentionSettings = {
  keepJobsMs: Infinity,
  keepLogsMs: Infinity,
  logsLimitBytes: Infinity,
  tracesLimitBytes: Infinity,
  keepBackups: Infinity,
}

function longest(own: RetentionSettings, stored: RetentionSettings): RetentionSettings {
  return {
    keepJobsMs: Math.max(own.keepJobsMs, stored.keepJobsMs),
    keepLogsMs: Math.max(own.keepLogsMs, stored.keepLogsMs),
    logsLimitBytes: Math.max(own.logsLimitBytes, stored.logsLimitBytes),
    tracesLimitBytes: Math.max(own.tracesLimitBytes, stored.tracesLimitBytes),
    // With 0, no backup is made, and none is removed.
    keepBackups: own.keepBackups === 0 ? 0 : Math.max(own.keepBackups, stored.keepBackups),
  }
}

const amount = z.number().nonnegative()

/** Retention of a project's history. The names are those of the settings. */
const RetentionSettings = z.object({
  keepJobsMs: amount,
  keepLogsMs: amount,
  logsLimitBytes: amount,
  tracesLimitBytes: amount,
  keepBackups: amount,
})
type RetentionSettings = z.infer<typeof RetentionSettings>

/**
 * Retention settings of the last scheduler of the whole project, stored in `data/retention.json`.
 */
const RetentionDocument = RetentionSettings.extend({
  kind: z.literal('retention'),
  version: z.literal(1),
})
