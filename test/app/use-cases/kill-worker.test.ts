import { join } from 'node:path'
import t from 'tap'
import { killWorker } from '../../../lib/app/use-cases/kill-worker.ts'
import { writeJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { isMarkedKilled } from '../../../lib/files/kill-marker.ts'
import { identifyProcess } from '../../../lib/platform/process/process-identity.ts'
import { alive, untilGone } from '../../helpers/processes/alive.ts'
import { startChild } from '../../helpers/processes/child.ts'
import { newProject } from '../../helpers/store/project.ts'
import { workerDocument } from '../../helpers/store/scripted-workers.ts'

t.test('does not kill a worker that has another job than intended', async t => {
  const paths = newProject()
  const child = startChild('platform/tree.ts', ['0'])
  t.teardown(() => child.process.kill('SIGKILL'))
  await child.line()
  const identity = identifyProcess(child.pid)
  const now = { workerId: 'w1', jobId: 6, attempt: 2, member: 1, members: 1, workflow: 'fixture' }
  writeJsonSync(
    join(paths.workerStates, 'w1.json'),
    workerDocument({ ...now, start: 'reused' }, { processes: identity === undefined ? [] : [identity] }),
  )
  for (const meant of [
    { jobId: 5, attempt: 1 },
    { jobId: 6, attempt: 1 },
  ]) {
    await t.rejects(killWorker(paths, { workerId: 'w1', ...meant }), {
      code: 'job-state',
      message: `already ended attempt 1 of job ${meant.jobId}`,
    })
  }
  t.same(alive([child.pid]), [child.pid])
  t.notOk(isMarkedKilled(paths, now))
  await killWorker(paths, now)
  await untilGone([child.pid])
  await t.rejects(killWorker(paths, now), { code: 'job-state', message: 'already ended' })
  t.ok(isMarkedKilled(paths, now), 'the worker is recorded as killed')
})

t.test('does not report a worker that ended by itself as killed', async t => {
  const paths = newProject()
  const part = { workerId: 'w1', jobId: 6, attempt: 2 }
  await t.rejects(killWorker(paths, part), { code: 'job-state', message: 'already ended' })
  t.notOk(isMarkedKilled(paths, part))
})
