import { resolve, sep } from 'node:path'
import { z } from 'zod'
import { systemClock } from '../../core/time/clock.ts'
import { AutomateError, messageOf, systemCode } from '../../core/errors/errors.ts'
import type { LogLine } from '../../model/log-line.ts'
import { LogCursor } from '../../files/logs/log-cursor.ts'
import type { CrashDetail, Lookup, LookupAnswer, SettingsAnswer, JobDetail } from '../port/lookup.ts'
import { channelHealth } from '../project/project-channels.ts'
import type { Project } from '../project/project.ts'
import { effectiveSettings, proxyHealth } from '../project/project-settings.ts'
import type { StoreCalls } from '../project/with-store.ts'
import { redactJson, redactKnown } from '../../core/text/redact.ts'
import { CrashSummary } from '../../model/failure/crash.ts'
import { Job } from '../../model/job/job.ts'
import { JsonDocument } from '../../model/json.ts'
import { MemberRecord } from '../../model/job/member-record.ts'
import { excerptJson } from '../../report/excerpt-json.ts'
import { jobArtefacts } from '../../files/job-artefacts.ts'
import { jobRecords } from './job-records.ts'
import { waitsOf } from './job-waits.ts'

/** Returns the answer to a look-up. `now` is the project with its current configuration. */
export async function query(
  project: Project,
  store: StoreCalls,
  lookup: Lookup,
  now = project,
): Promise<LookupAnswer> {
  switch (lookup.type) {
    case 'database': {
      const { rows } = lookup
      const [tables, page] = await Promise.all([
        store.call('tables.list', {}),
        rows === null ? null : store.call('tables.rows', rows),
      ])
      return { type: 'database', tables, page }
    }
    case 'records': {
      const { table, keys } = lookup
      const [{ table: info }, ...rows] = await Promise.all([
        store.call('tables.rows', { table, limit: 1 }),
        ...keys.map(key => store.call('tables.row', { table, key })),
      ])
      return { type: 'records', table: info, rows }
    }
    case 'settings':
      return settingsAnswer(project, store, now)
    case 'crash':
      return { type: 'crash', detail: await crashDetail(store, lookup.id) }
    case 'job':
      return { type: 'job', detail: await jobDetail(now, store, lookup.id) }
    case 'log':
      return { type: 'log', lines: logLines(project.paths.root, lookup.path) }
  }
}

/**
 * Returns a crash with its notifications.
 * @throws `job-missing` if the report no longer exists.
 */
export async function crashDetail(store: StoreCalls, id: number): Promise<CrashDetail> {
  const [report, deliveries] = await Promise.all([
    store.call('crashes.read', { id }),
    store.call('crashes.deliveries', { id }),
  ])
  if (report !== null) return { report, ...deliveries }
  throw new AutomateError('job-missing', `Crash report ${id} no longer exists.`)
}

/** Returns the last lines of one of the project's log files; empty if the file no longer exists. */
function logLines(root: string, path: string): LogLine[] {
  const file = resolve(root, path)
  if (!file.startsWith(root + sep)) return []
  try {
    return new LogCursor(file, 0).read(systemClock.now())
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}

/**
 * Returns the settings, and the health of channels and proxies. A part that cannot be read, for
 * example because a secret or the list of proxies is missing, does not hide the others.
 */
async function settingsAnswer(project: Project, store: StoreCalls, now: Project): Promise<SettingsAnswer> {
  const problems: string[] = []
  const read = async <T>(part: Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      return await part
    } catch (error) {
      problems.push(messageOf(error))
      return []
    }
  }
  const [channels, proxies] = await Promise.all([
    read(channelHealth(now, store)),
    read(proxyHealth(project, store)),
  ])
  const settings = effectiveSettings(project, now).map(({ value, next, ...one }) => ({
    ...one,
    value: JSON.stringify(value),
    ...(next === undefined ? {} : { next: JSON.stringify(next) }),
  }))
  return { type: 'settings', settings, channels, proxies, problems }
}

const Records = z.object({ job: Job, members: z.array(MemberRecord), crashes: z.array(CrashSummary) })

/**
 * Returns a job with its blockers and its records, without secrets. Its input and its result are
 * shortened to excerpts that fit a screen.
 * @throws `job-missing` if there is no such job.
 */
async function jobDetail(project: Project, store: StoreCalls, id: number): Promise<JobDetail> {
  const records = await jobRecords(store, id)
  const { input, result } = records.job
  const job = { ...records.job, input: excerptJson(input), result: excerptJson(result) }
  const shown = Records.parse(redactJson(JsonDocument.parse({ ...records, job }), redactKnown))
  const { queuedAt, endedAt } = records.job
  const files = await jobArtefacts(project.paths, id, queuedAt, endedAt ?? systemClock.now())
  // `alone` is false, because the console either has a scheduler or reports that it has lost it.
  const waits = await waitsOf(project.paths, store, false, records.job)
  return { ...shown, waits, files }
}
