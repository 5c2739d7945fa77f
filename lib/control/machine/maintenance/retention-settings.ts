import { messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { ClaimScope } from '../../../model/job/job.ts'
import { readJsonIfExistsSync, writeJsonSync } from '../../../files/documents/atomic-json.ts'
import { z } from 'zod'

interface RetentionOf {
  readonly paths: Pick<ProjectPaths, 'retention'>
  readonly log: Log
  /** Undefined for the scheduler of the whole project. */
  readonly scope?: ClaimScope
}

/**
 * Returns by which settings a scheduler removes history. One of the whole project goes by its own,
 * which are stored. The scheduler of a single job keeps all that the last one of the whole project
 * kept: its shell may have settings that are not those of the project's service.
 */
export function retentionSettings(
  { paths, log, scope }: RetentionOf,
  settings: RetentionSettings,
): RetentionSettings {
  // It holds these names alone.
  const own = RetentionSettings.parse(settings)
  try {
    if (scope === undefined) {
      writeJsonSync(paths.retention, { kind: 'retention', version: 1, ...own })
      return own
    }
    const stored = readJsonIfExistsSync(paths.retention, RetentionDocument)
    return stored === undefined ? own : longest(own, stored)
  } catch (error) {
    log.warn(`The retention settings of the project are not stored or read: ${messageOf(error)}`)
    return scope === undefined ? own : longest(own, EVERYTHING)
  }
}

/** A scheduler of a single job removes nothing while it does not know what the project keeps. */
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
    // 0 makes no backup, and removes none.
    keepBackups: own.keepBackups === 0 ? 0 : Math.max(own.keepBackups, stored.keepBackups),
  }
}

const amount = z.number().nonnegative()

/** Retention of a project's history, by the settings of these names. */
const RetentionSettings = z.object({
  keepJobsMs: amount,
  keepLogsMs: amount,
  logsLimitBytes: amount,
  tracesLimitBytes: amount,
  keepBackups: amount,
})
type RetentionSettings = z.infer<typeof RetentionSettings>

/** Retention settings of the last scheduler of the whole project, in `data/retention.json`. */
const RetentionDocument = RetentionSettings.extend({
  kind: z.literal('retention'),
  version: z.literal(1),
})
