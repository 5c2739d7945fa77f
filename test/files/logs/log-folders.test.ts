import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { logFolders, startOfDay } from '../../../lib/files/logs/log-folders.ts'
import { richSnapshot } from '../../fixtures/console/snapshot.ts'
import { newProject } from '../../helpers/store/project.ts'

/** Soon after midnight. */
const NOW = new Date(2026, 2, 1, 0, 0, 5).getTime()

/** Returns the names of the folders below `logs/`, with "/". */
const names = (paths: ProjectPaths, folders: readonly string[]) =>
  folders.map(folder => folder.slice(join(paths.root, 'logs').length + 1).replaceAll('\\', '/'))

t.test('an empty project has only the folders of today', t => {
  const paths = newProject()
  t.strictSame(names(paths, logFolders(paths, NOW, [])), ['01-03-2026/workers', '01-03-2026/console'])
  t.end()
})

t.test('includes the folders of yesterday and of the first days of jobs that still run', t => {
  const paths = newProject()
  for (const day of ['27-02-2026', '28-02-2026', '10-01-2026', '11-01-2026', '12-01-2026'])
    mkdirSync(join(paths.root, 'logs', day, 'workers'), { recursive: true })
  const [worker] = richSnapshot().workers
  if (worker === undefined) throw new Error('no sample')
  const log = (day: string) => `logs/${day}/workers/job_1_attempt_1_member_1.log`
  const workers = [
    { ...worker, log: log('10-01-2026') },
    { ...worker, log: log('11-01-2026'), state: 'exited' as const },
    { ...worker, log: log('12-01-2026'), job: null },
    { ...worker, log: log('28-02-2026') },
    { ...worker, log: log('01-03-2026') },
    { ...worker, log: log('09-01-2026') },
  ]
  t.strictSame(names(paths, logFolders(paths, NOW, workers)).sort(), [
    '01-03-2026/console',
    '01-03-2026/workers',
    '10-01-2026/workers',
    '28-02-2026/workers',
  ])
  t.end()
})

t.test('a day begins at its local midnight, also next to one of 23 or 25 hours', t => {
  t.equal(startOfDay(NOW).getTime(), new Date(2026, 2, 1).getTime())
  const days = Array.from({ length: 366 }, (_, day) => day)
  const yesterdays = days.map(day => startOfDay(new Date(2026, 0, day, 12).getTime(), -1).getTime())
  t.strictSame(
    yesterdays,
    days.map(day => new Date(2026, 0, day - 1).getTime()),
  )
  t.end()
})
