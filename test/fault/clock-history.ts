import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { systemClock } from '../../lib/core/time/clock.ts'
import type { ProjectPaths } from '../../lib/core/process/paths.ts'
import { dayName } from '../../lib/core/process/paths.ts'
import { crash } from '../helpers/builders/crash.ts'
import { openProjectStore } from '../helpers/store/project-store.ts'

const DAY_MS = 86_400_000

/**
 * Age just below the retention: logs are kept for 30 days and jobs for 90. A clock that is a day
 * ahead makes them too old.
 */
const LOGS_AGE_MS = 29 * DAY_MS
const JOBS_AGE_MS = 89.5 * DAY_MS

/** Number of backups kept by default. */
const BACKUPS = 7

/** Returns the name of a backup in the folder of its project, where the name needs no id. */
const backupName = (at: number): string =>
  `automate-${new Date(at).toISOString().replaceAll(/[:.]/g, '-')}.db`

/** Old history of a project. A wrong clock must remove nothing of it. */
export interface ClockHistory {
  /** Returns the removed items. */
  missing(): Promise<string[]>
}

/**
 * Writes logs, a trace, a report, backups, and a job with its crash report. All are almost old
 * enough to be removed.
 */
export async function writeClockHistory(paths: ProjectPaths): Promise<ClockHistory> {
  const now = Date.now()
  const day = join(paths.root, 'logs', dayName(new Date(now - LOGS_AGE_MS)))
  const folder = join(paths.data, 'backups')
  const files = [
    join(day, 'workers', 'job_1.log'),
    join(day, 'traces', 'job_1.zip'),
    join(paths.reports, 'job_1.html'),
    ...Array.from({ length: BACKUPS }, (_, n) => join(folder, backupName(now - 3_600_000 - n * DAY_MS))),
  ]
  for (const file of files) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, 'old')
    utimesSync(file, (now - LOGS_AGE_MS) / 1_000, (now - LOGS_AGE_MS) / 1_000)
  }
  const at = now - JOBS_AGE_MS
  const store = await openProjectStore(paths, 'transient', { clock: { ...systemClock, now: () => at } })
  const order = { workflow: 'ticks', input: {}, workers: 1, retries: 0, origin: 'test' } as const
  const { id } = await store.call('jobs.enqueue', order)
  await store.call('jobs.claim', { id })
  await store.call('jobs.finish', { id, attempt: 1, state: 'succeeded' })
  const report = { file: `job_${id}_1.json`, document: crash({ jobId: id, at: Math.round(at) }) }
  await store.call('crashes.record', report)
  await store.close()

  return {
    async missing() {
      const open = await openProjectStore(paths, 'client')
      const [job, crashes] = [
        await open.call('jobs.read', { id }),
        await open.call('crashes.list', { jobId: id }),
      ]
      await open.close()
      return [
        ...files.filter(file => !existsSync(file)),
        ...(job === null ? [`job ${id}`] : []),
        ...(crashes.length === 1 ? [] : [`the crash report of job ${id}`]),
      ]
    },
  }
}
