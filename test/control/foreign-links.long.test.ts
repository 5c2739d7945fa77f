import {
  lchownSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { LogRetention } from '../../lib/control/machine/maintenance/log-retention.ts'
import { removeFiles } from '../../lib/files/remove-files.ts'
import { removeProfiles, sweep } from '../../lib/control/machine/maintenance/cleanup.ts'
import { TraceQuota } from '../../lib/control/machine/maintenance/trace-quota.ts'
import { newProfileName } from '../../lib/core/ids.ts'
import type { ProjectPaths } from '../../lib/core/process/paths.ts'
import { recordingsIn, removeRecording } from '../../lib/files/trace/recording.ts'
import { removeUnfinishedCopies } from '../../lib/store/backup/unfinished-copies.ts'
import { runFileWork } from '../../lib/store/file-work/run-file-work.ts'
import type { Store } from '../../lib/store/store.ts'
import { timedStore } from '../helpers/store/job-store.ts'
import { RecordingLog } from '../helpers/recording-log.ts'
import { newFolder, newProject } from '../helpers/store/project.ts'

const ANOTHER_USER = 4711
const DAY_MS = 24 * 3_600_000
const DAY = '01-01-2020'
const isRoot = process.geteuid?.() === 0

/** Fills a folder with old files and folders that each kind of removal would accept. */
function fill(folder: string): void {
  for (const name of ['someones', newProfileName(), DAY, 'job_1.frames'])
    mkdirSync(join(folder, name, 'traces'), { recursive: true })
  const files = [
    ...['8080.json', '.worker.1.1.tmp', 'old.txt', 'old.zip', 'job_1.jsonl', 'w1.json'],
    'automate.db.00000000-0000-4000-8000-000000000000.tmp',
    join(DAY, 'traces', 'old.zip'),
  ]
  for (const name of files) writeFileSync(join(folder, name), '{"what": "a file"}')
  const at = (Date.now() - 9 * DAY_MS) / 1000
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    utimesSync(join(folder, name), at, at)
}

/** Runs all removals by name or age that the program has for a project. */
async function removeAll(paths: ProjectPaths, store: Store): Promise<void> {
  const log = new RecordingLog()
  sweep(paths, Date.now(), log)
  for (const name of readdirSync(paths.profiles)) await removeProfiles(paths, name, log)
  await new LogRetention({
    ...{ paths, log, keepMs: DAY_MS, limitBytes: 0 },
    inUse: () => ({ days: [], stems: [] }),
  }).round(Date.now())
  await new TraceQuota({ paths, log, store, tracesLimitBytes: 0 }).round(Date.now())
  for (const recording of recordingsIn(paths.recordings)) {
    try {
      removeRecording(recording)
    } catch {
      // The test expects this refusal.
    }
  }
  removeFiles([join(paths.results, 'w1.json'), join(paths.pictures, 'w1.json')], log)
  await removeUnfinishedCopies(paths.database)
  const backups = join(paths.data, 'backups')
  const work = { type: 'remove' as const, paths: [join(backups, 'old.txt')] }
  await runFileWork(work, new AbortController().signal, { folder: backups, limitMs: 60_000 }).catch(
    () => undefined,
  )
}

/** Puts a link to a filled folder in the place of a folder of the project. */
function linkAway(place: string): string {
  const target = newFolder()
  fill(target)
  mkdirSync(dirname(place), { recursive: true })
  mkdirSync(place, { recursive: true })
  // A folder that contains folders moves as a whole.
  for (const name of readdirSync(place)) renameSync(join(place, name), join(target, `_${name}`))
  for (const name of readdirSync(target).filter(one => one.startsWith('_')))
    renameSync(join(target, name), join(target, name.slice(1)))
  rmdirSync(place)
  symlinkSync(target, place, 'dir')
  return target
}

const PLACES: readonly (readonly [string, (paths: ProjectPaths) => string])[] = [
  ['data', ({ root }) => join(root, 'data')],
  ['logs', ({ root }) => join(root, 'logs')],
  ['a day of logs', ({ root }) => join(root, 'logs', DAY)],
  ['data/profiles', ({ profiles }) => profiles],
  ['data/ports', ({ ports }) => ports],
  ['data/state', ({ state }) => state],
  ['data/state/workers', ({ workerStates }) => workerStates],
  ['data/state/pictures', ({ pictures }) => pictures],
  ['data/results', ({ results }) => results],
  ['data/reports', ({ reports }) => reports],
  ['data/recordings', ({ recordings }) => recordings],
  ['data/backups', ({ data }) => join(data, 'backups')],
]

const allIn = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()

t.test(
  "removes nothing behind another user's link to a folder of this user",
  { skip: !isRoot && 'only root can make links of another user' },
  async t => {
    const { store } = await timedStore(t)
    for (const [what, placeOf] of PLACES) {
      const paths = newProject()
      await removeAll(paths, store)
      const place = placeOf(paths)
      const target = linkAway(place)
      lchownSync(place, ANOTHER_USER, ANOTHER_USER)
      const before = allIn(target)
      await removeAll(paths, store)
      const gone = before.filter(name => !allIn(target).includes(name))
      t.strictSame(gone, [], what)
    }
  },
)

t.test('removes old files behind a link of this user, as in a folder', async t => {
  const { store } = await timedStore(t)
  const paths = newProject()
  await removeAll(paths, store)
  for (const [, placeOf] of PLACES.filter(([what]) => ['data/profiles', 'logs'].includes(what)))
    linkAway(placeOf(paths))
  await removeAll(paths, store)
  t.strictSame(
    readdirSync(paths.profiles).filter(name => !name.includes('.')),
    [],
  )
  t.notOk(readdirSync(join(paths.root, 'logs')).includes(DAY))
})
