import { NO_WORKER } from '../../model/worker/documents.ts'
import type {
  CrashNotification,
  DatabaseDamagedNotification,
  FailedPlace,
  Notification,
} from '../../model/notify/notification.ts'
import type { Catalogue } from '../en.ts'

/** Returns the text about the newest intact backup of a damaged database. */
export function backupLine(
  { backup, unread }: Pick<DatabaseDamagedNotification, 'backup' | 'unread'>,
  { notify }: Catalogue,
): string {
  if (backup !== null) return notify.newestBackup(backup)
  if (unread === undefined) return notify.noBackup
  const { folder, reason } = unread
  return reason === null ? notify.backupsSilent(folder) : notify.backupsUnread(folder, reason)
}

/** Returns the text of a notice in one line, without the name of the project. */
export function noticeLine(notice: Notification, { notify }: Catalogue): string {
  switch (notice.kind) {
    case 'crash':
      return `${notify.state[notice.state]}: ${notice.error.name}: ${firstLine(notice.error.message)}`
    case 'recovered':
      return notify.recovered(notice.workflow)
    case 'scheduler-ended':
      return notify.schedulerEnded
    case 'database-damaged':
      return notify.databaseDamaged
    case 'database-removed':
      return notify.databaseRemoved
    case 'restart-failed':
      return notify.restartFailed(notice.from, notice.to)
    case 'package-removed':
      return notify.packageRemoved(notice.version)
    case 'scheduler-bug':
      return notify.schedulerBug
    case 'workers-fail':
      return notify.workersFail
    case 'workflow-missing':
      return notify.workflowMissing(notice.workflow)
    case 'backup-failed':
      return notify.backupFailed
    case 'disk-full':
      return notify.diskFull
    case 'disk-room':
      return notify.diskRoom
    case 'writes-refused':
      return notify.writesRefused
    case 'writes-resumed':
      return notify.writesResumed
    case 'project-untrusted':
      return notify.projectUntrusted
    case 'project-trusted':
      return notify.projectTrusted
    case 'test':
      return notify.test
    case 'summary':
      return notify.summary(notice.count)
  }
}

/**
 * Returns lines that name the workers that failed, each with its phase. Workers of one job in the
 * same phase share a line: `job 7, wine, workers 1, 2 of 10: 4/6 add_step: button`.
 */
export function placeLines({ places, more }: CrashNotification, { notify }: Catalogue): string[] {
  const groups = Map.groupBy(places, ({ jobId, attempt, phase }) => `${jobId} ${attempt} ${phase}`)
  const lines = [...groups.values()].map(group => placeLine(group, notify))
  return more === 0 ? lines : [...lines, notify.more(more)]
}

/**
 * Returns lines about the outcome of the jobs of a notice. Jobs with the same outcome share a line.
 */
export function outcomeLines({ jobs = [] }: CrashNotification, { notify }: Catalogue): string[] {
  const groups = Map.groupBy(jobs, ({ outcome, triesLeft }) => `${outcome} ${triesLeft}`)
  return [...groups.values()].flatMap(group => {
    const [first] = group
    if (first === undefined) return []
    const ids = group.map(({ jobId }) => jobId).join(', ')
    return first.outcome === 'retry'
      ? [notify.outcome.retry(ids, group.length, first.triesLeft)]
      : [notify.outcome[first.outcome](ids, group.length)]
  })
}

function placeLine(group: readonly FailedPlace[], notify: Catalogue['notify']): string {
  const [first] = group
  if (first === undefined) return ''
  const { jobId, attempt, workflow, members, phase } = first
  const workers =
    first.workerId === NO_WORKER
      ? notify.noWorker
      : group.length === 1
        ? notify.worker(first.member, members)
        : notify.workers(group.map(({ member }) => member).join(', '), members)
  return notify.place(notify.job(jobId, attempt), workflow, workers, phase === '' ? notify.outside : phase)
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''
