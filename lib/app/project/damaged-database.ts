import { statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { systemClock } from '../../core/time/clock.ts'
import { AutomateError, errorCode, isAutomateError, messageOf } from '../../core/errors/errors.ts'
import { newId } from '../../core/ids.ts'
import { ChannelName } from '../../model/failure/notified-marker.ts'
import type { DatabaseDamagedNotification, SingleNotification } from '../../model/notify/notification.ts'
import { readJsonIfExistsSync, writeJsonSync } from '../../files/documents/atomic-json.ts'
import { backupLine } from '../../locales/format/notice-words.ts'
import { newestGoodBackup } from '../../store/restore/newest-good-backup.ts'
import { channelsOfProject } from './project-channels.ts'
import { backupFolder, wordsOf } from './project.ts'
import type { Project } from './project.ts'

/**
 * Minimum interval between two notices about the same damage. A service manager may restart the
 * scheduler again and again, and each start fails.
 */
const REPEAT_MS = 24 * 3_600_000

/**
 * The damage that the last notice was about, and the time at which each channel accepted the
 * notice. The damage is identified by the size of the database file and the time of its last
 * change.
 */
const DamageNotice = z.object({
  kind: z.literal('damage-notice'),
  version: z.literal(1),
  sizeBytes: z.int(),
  changedAt: z.int(),
  channels: z.record(ChannelName, z.int()),
})
type DamageNotice = z.infer<typeof DamageNotice>
type Damage = Omit<DamageNotice, 'channels'>

/** True if the error reports a damaged database. */
export const isDamaged = (error: unknown): boolean => errorCode(error) === 'store-damaged'

/**
 * Notifies the channels, without using the store, that the scheduler cannot continue with its
 * database. Returns the error with which the program ends. Its message names the newest intact
 * backup, or states that the backup folder could not be read. Never rejects.
 */
export async function reportDamage(project: Project, cause: unknown): Promise<AutomateError> {
  const { paths } = project
  const now = systemClock.now()
  const { path: backup, unread } = await newestGoodBackup(backupFolder(project), now, paths.database)
  const found = { backup, ...(unread === null ? {} : { unread }) }
  const failures = await notify(project, noticeOf(project, cause, found))
  const line = backupLine(found, wordsOf(project))
  // If the project was moved, its backups are at the new location.
  const remedies = paths.place.isLeft ? [] : [`${line}${backup === null ? '' : '.'}`]
  const message = [messageOf(cause), ...remedies, ...failures].join(' ')
  return new AutomateError('store-damaged', message, { facts: { path: paths.database, backup }, cause })
}

function noticeOf(
  { paths }: Project,
  cause: unknown,
  found: Pick<DatabaseDamagedNotification, 'backup' | 'unread'>,
): SingleNotification {
  const path = paths.database
  const { removed, copy } = isAutomateError(cause) ? cause.facts : {}
  return removed === true
    ? { kind: 'database-removed', path, copy: typeof copy === 'string' ? copy : null }
    : { kind: 'database-damaged', path, ...found }
}

/**
 * Notifies the channels that have not accepted a notice of this damage within the last 24 hours.
 * Returns each failure as a sentence.
 */
async function notify(project: Project, notice: SingleNotification): Promise<string[]> {
  const at = systemClock.now()
  try {
    const damage = damageOf(project)
    const notified = lastNotified(project, damage, at)
    const ends = await Promise.all(
      channelsOfProject(project)
        .filter(({ name }) => notified[name] === undefined)
        .map(async channel => {
          const end = await channel.send(
            { id: newId(at), notice, queuedAt: at, partsDone: 0, uncertain: false },
            new AbortController().signal,
          )
          if (end.status === 'delivered') {
            notified[channel.name] = at
            // Saved now, because another channel may take until its time limit, and this process
            // may be killed before.
            keepNotified(project, { ...damage, channels: notified })
          }
          return { name: channel.name, end }
        }),
    )
    return ends.flatMap(({ name, end }) =>
      end.status === 'delivered' ? [] : [`The channel ${name} was not notified: ${end.why}.`],
    )
  } catch (error) {
    return [`No channel was notified: ${messageOf(error)}`]
  }
}

/**
 * Returns, by channel, the time at which the channel accepted the notice of this damage. Leaves out
 * channels that are due for another notice.
 */
function lastNotified(project: Project, damage: Damage, now: number): Record<string, number> {
  try {
    const last = readJsonIfExistsSync(noticePath(project), DamageNotice)
    if (last?.sizeBytes !== damage.sizeBytes || last.changedAt !== damage.changedAt) return {}
    return Object.fromEntries(Object.entries(last.channels).filter(([, at]) => now - at < REPEAT_MS))
  } catch {
    return {}
  }
}

function keepNotified(project: Project, notice: DamageNotice): void {
  // A file at the project's former path would prevent the project from being moved back.
  if (project.paths.place.isLeft) return
  try {
    writeJsonSync(noticePath(project), notice)
  } catch {
    // The disk may refuse writes. The next start then notifies again, which is better than not
    // notifying at all.
  }
}

function damageOf({ paths }: Project): Damage {
  const stat = statSync(paths.database, { throwIfNoEntry: false })
  const changedAt = Math.floor(stat?.mtimeMs ?? 0)
  return { kind: 'damage-notice', version: 1, sizeBytes: stat?.size ?? 0, changedAt }
}

/**
 * Returns the path of the saved notice. It is not in `data/state`, because that folder contains the
 * documents of running processes.
 */
const noticePath = ({ paths }: Project): string => join(paths.data, 'damage-notice.json')
