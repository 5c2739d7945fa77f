import t from 'tap'
import { DiskSpace } from '../../../../lib/control/machine/workers/disk-space.ts'
import type { SingleNotification } from '../../../../lib/model/notify/notification.ts'
import { noticeText } from '../../../../lib/notify/notice-text.ts'
import { translatorFor } from '../../../../lib/locales/translator.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'
import { newProject } from '../../../helpers/store/project.ts'
import { WORDING } from '../../../helpers/builders/notices.ts'
import { until } from '../../../helpers/until.ts'

const MB = 1024 * 1024

/** Makes a disk with free space that the test sets, and a database that may refuse notices. */
function smallDisk() {
  const disk = { free: 500 * MB, isRefusing: false }
  const [notices, log, paths] = [new Array<SingleNotification>(), new RecordingLog(), newProject()]
  let asked = 0
  const room = new DiskSpace({
    ...{ paths, log, freeBytes: () => disk.free },
    notify: notice => {
      asked += 1
      if (disk.isRefusing) return Promise.reject(new Error('no room'))
      notices.push(notice)
      return Promise.resolve()
    },
  })
  /** Checks the disk until the number of attempts to notify is reached. */
  const attempts = (count: number) =>
    until(`${count} attempts`, () => {
      room.check()
      return asked >= count
    })
  return { disk, notices, log, paths, room, attempts, asked: () => asked }
}

t.test('notifies once of a full disk, and once when it has room again', async t => {
  const { disk, notices, paths, room, attempts, asked } = smallDisk()
  t.equal(room.check(), false)
  disk.free = 40 * MB
  t.equal(room.check(), true)
  await attempts(1)
  // 100 MB is above the limit of a full disk and below the 128 MB that are needed again.
  for (const free of [40 * MB, 100 * MB, 10 * MB]) {
    disk.free = free
    t.equal(room.check(), false)
  }
  t.strictSame(notices, [{ kind: 'disk-full', folder: paths.root, freeMegabytes: 40, neededMegabytes: 128 }])
  disk.free = 128 * MB
  t.equal(room.check(), true)
  await attempts(2)
  t.equal(room.check(), false)
  t.strictSame(notices.slice(1), [{ kind: 'disk-room' }])
  t.equal(asked(), 2)
})

t.test('retries a notice that the database refused, and logs it once', async t => {
  const { disk, notices, log, attempts, room } = smallDisk()
  disk.free = 0
  disk.isRefusing = true
  await attempts(3)
  disk.isRefusing = false
  await until('the notice', () => {
    room.check()
    return notices.length > 0
  })
  t.match(notices, [{ kind: 'disk-full', freeMegabytes: 0 }])
  t.match(log.lines, [
    /^error: The disk of .* is full/,
    /^warn: The notification about the disk .*: no room$/,
  ])
})

t.test('the notices name the remedy in both languages', t => {
  const outgoing = { uncertain: false }
  const notice = { kind: 'disk-full', folder: '/srv/shop', freeMegabytes: 3, neededMegabytes: 128 } as const
  const text = (language: 'en' | 'it', one: SingleNotification) =>
    noticeText(one, outgoing, { ...WORDING, t: translatorFor(language, 'UTC') })
      .map(span => span.text)
      .join('')
  t.match(text('en', notice), /^shop: The disk is full: no job starts\nThe disk of \/srv\/shop has 3 MB left/)
  t.match(text('it', notice), /^shop: Il disco è pieno.*\nSul disco di \/srv\/shop restano 3 MB/)
  t.match(text('en', { kind: 'disk-room' }), /has room again/)
  t.match(text('it', { kind: 'disk-room' }), /di nuovo spazio/)
  t.end()
})
