import { AutomateError } from '../../../lib/core/errors/errors.ts'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { FileDatabase } from '../../../lib/store/engine/database.ts'
import { writeHistory } from '../../helpers/builders/project-history.ts'
import type { Competitor } from '../harness/competitor.ts'
import { startProgram } from '../ours/program.ts'
import { makeProject } from '../ours/project.ts'
import { openOurs } from '../ours/store.ts'

/** Starts the scheduler again and again on a project with a history, each time until it is idle. */
export function starts(
  name: string,
  history: { readonly jobs: number; readonly crashes: number },
): Competitor {
  return {
    name,
    spawnsProgram: true,
    async run({ scratch, starts, browserPath }) {
      makeProject(scratch, { workers: 1, browserPath, settings: { warmWorkers: 0 } })
      await (await openOurs(scratch, 'scheduler')).close()
      const { database } = new ProjectPaths(scratch)
      const db = await FileDatabase.open(database)
      if (history.jobs > 0) writeHistory(db, history)
      db.close()
      const samplesMs: number[] = []
      const begin = performance.now()
      for (let start = 0; start < starts; start += 1) {
        const from = performance.now()
        await startProgram(scratch, { flags: ['--until-idle'] }).ended
        samplesMs.push(performance.now() - from)
      }
      const wallMs = performance.now() - begin
      await requireRows(database, history)
      return { units: starts, wallMs, samplesMs }
    },
  }
}

/**
 * Checks that a start removed nothing.
 * @throws `bug` if a start removed a part of the history.
 */
async function requireRows(database: string, { jobs, crashes }: Parameters<typeof starts>[1]): Promise<void> {
  const db = await FileDatabase.open(database)
  const rows = db.one('SELECT (SELECT count(*) FROM jobs) AS jobs, (SELECT count(*) FROM crashes) AS crashes')
  db.close()
  if (rows?.['jobs'] !== jobs || rows['crashes'] !== crashes)
    throw new AutomateError('bug', `The starts changed the history: ${JSON.stringify(rows)} are left.`)
}
