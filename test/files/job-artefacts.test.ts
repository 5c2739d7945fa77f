import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { jobArtefacts } from '../../lib/files/job-artefacts.ts'
import { newProject } from '../helpers/store/project.ts'

const NOON = new Date(2026, 10, 30, 12)
const HOUR_MS = 3_600_000

t.test('files of a job of a replaced database are not those of a job with the same number', async t => {
  const paths = newProject()
  const folder = paths.logs('workers', NOON)
  const leave = (name: string, at: number) => {
    writeFileSync(join(folder, name), '')
    utimesSync(join(folder, name), at / 1_000, at / 1_000)
  }
  const queuedAt = NOON.getTime()
  leave('job_1_attempt_1_member_1.log', queuedAt + 5)
  leave('job_1_attempt_2_member_1.log', queuedAt - HOUR_MS)
  leave('job_12_attempt_1_member_1.log', queuedAt + 5)
  t.strictSame(await jobArtefacts(paths, 1, queuedAt, queuedAt + HOUR_MS), [
    { kind: 'workers', path: 'logs/30-11-2026/workers/job_1_attempt_1_member_1.log' },
  ])
})
