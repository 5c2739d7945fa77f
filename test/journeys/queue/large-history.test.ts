import { readFileSync } from 'node:fs'
import t from 'tap'
import { FileDatabase } from '../../../lib/store/engine/database.ts'
import type { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder, openTestStore } from '../../helpers/store/project.ts'
import { writeHistory } from '../../helpers/builders/project-history.ts'

// One tenth of the history that "npm run bench -- history" measures.
const HISTORY = { jobs: 100_000, crashes: 10_000 }

/** Limit of the peak memory of a start, as a multiple of the peak in an empty project. */
const MAX_MEMORY_RATIO = 1.3

const skip = process.platform !== 'linux' && 'the peak of a process is read from /proc'

t.test('a long history does not increase the memory of a start, and loses no row', { skip }, async t => {
  const empty = new JourneyProject(t, newFolder())
  const grown = new JourneyProject(t, newFolder())
  await (await openTestStore(t, grown.paths, 'transient')).close()
  const db = await FileDatabase.open(grown.paths.database)
  writeHistory(db, HISTORY)
  db.close()

  const before = await peakOfStart(empty)
  const after = await peakOfStart(grown)
  t.comment(`peak ${before} kB, with the history ${after} kB`)
  t.ok(after <= before * MAX_MEMORY_RATIO, `${after} kB against ${before} kB`)
  t.same(await rowsOf(grown.paths), HISTORY)
})

/**
 * Starts the scheduler, stops it once it claims jobs, and returns its peak of resident memory in
 * kB.
 */
async function peakOfStart(project: JourneyProject): Promise<number> {
  const scheduler = await project.schedule()
  const peak = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${scheduler.pid}/status`, 'utf8'))?.[1]
  scheduler.signal('SIGTERM')
  await scheduler.ended
  return Number(peak)
}

async function rowsOf({ database }: ProjectPaths) {
  const db = await FileDatabase.open(database)
  const rows = db.one('SELECT (SELECT count(*) FROM jobs) AS jobs, (SELECT count(*) FROM crashes) AS crashes')
  db.close()
  return rows
}
