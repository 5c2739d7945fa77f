import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import t from 'tap'
import type { Test } from 'tap'
import { assignmentFile } from '../../../lib/control/machine/workers/worker-process.ts'
import type { Assignment } from '../../../lib/model/worker/documents.ts'
import { writeJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { outputOf } from '../../fault/hostile-commands.ts'
import { crash } from '../../helpers/builders/crash.ts'
import { runningJob } from '../../helpers/store/job-store.ts'
import { newProject, openTestStore } from '../../helpers/store/project.ts'

const LOG = 'logs/23-03-2026/chrome/worker_w1_chrome_1.log'

/**
 * Makes a project with a failed job. Its worker still lives, and its pages printed `text` into one
 * log for all jobs.
 */
async function projectWithLog(t: Test, text: string) {
  const paths = newProject()
  writeFileSync(join(paths.root, 'automate.config.ts'), 'export default {}\n')
  const store = await openTestStore(t, paths, 'scheduler')
  const jobId = await runningJob(store)
  const artefacts = [{ kind: 'chrome' as const, path: LOG }]
  await store.call('crashes.record', { file: 'one', document: crash({ jobId, artefacts }) })
  await store.close()
  mkdirSync(join(paths.root, LOG, '..'), { recursive: true })
  writeFileSync(join(paths.root, LOG), text)
  const bundled = async () => {
    await outputOf(['crashes', '1', '--bundle', '--root', paths.root])
    const files = unzipSync(readFileSync(join(paths.root, 'data/reports/crash_1.zip')))
    return strFromU8(files['chrome/worker_w1_chrome_1.log'] ?? new Uint8Array())
  }
  return { paths, bundled }
}

t.test('a bundle holds no secret of any job of a worker that still runs', async t => {
  const { paths, bundled } = await projectWithLog(
    t,
    'page says canary-of-job-1, canary-of-job-2, canary-named\n',
  )
  const assignment: Assignment = {
    ...{ kind: 'assignment', version: 2, workerId: 'w1', jobId: 2, attempt: 1, member: 1, members: 1 },
    ...{ workflow: 'fixture', file: 'f.ts', input: { password: 'canary-named' } },
    ...{ secrets: ['canary-of-job-1', 'canary-of-job-2'], stemsBefore: ['job_1_attempt_1_member_1'] },
    ...{ isolation: 'context', start: 'reused', proxy: null, abortGraceMs: 1 },
    trace: { keep: 'off', limitBytes: 1 },
  }
  writeJsonSync(assignmentFile(paths, 'w1'), assignment)
  t.equal(await bundled(), 'page says ***, ***, ***\n')
})

t.test('a bundle omits a log whose secrets cannot be read, and reports the omission', async t => {
  const { paths, bundled } = await projectWithLog(t, 'page says canary-of-job-1\n')
  writeFileSync(assignmentFile(paths, 'w1'), '{ torn')
  t.match(await bundled(), /^This log is omitted, because /)
})
