import { cpSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { liveWorkers, requireWaiting, requireWorker } from '../../../lib/app/queries/running-workers.ts'
import { launchFile } from '../../../lib/control/machine/workers/worker-process.ts'
import { writeJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { identifyProcess } from '../../../lib/platform/process/process-identity.ts'
import { richSnapshot } from '../../fixtures/console/snapshot.ts'
import { newProject } from '../../helpers/store/project.ts'
import { LAUNCH_DOCUMENT } from '../../helpers/builders/samples.ts'

t.test(
  'a worker that died with its scheduler accepts no orders, although its document says running',
  async t => {
    const paths = newProject()
    const own = identifyProcess(process.pid)
    const sample = richSnapshot().workers.find(({ job, state }) => job !== null && state !== 'exited')
    if (own === undefined || sample === undefined) throw new Error('no samples')
    const write = (workerId: string, started: string) =>
      writeJsonSync(join(paths.workerStates, `${workerId}.json`), {
        ...{ ...sample, workerId, pid: own.pid },
        processes: [{ pid: own.pid, started }],
      })
    write('wliving', own.started)
    write('wdead', `${own.started}0`)
    writeJsonSync(launchFile(paths, 'wliving'), {
      ...LAUNCH_DOCUMENT,
      ...{ workerId: 'wliving', root: paths.root },
    })
    t.match(await liveWorkers(paths), [{ workerId: 'wliving' }])
    const copy = newProject()
    cpSync(paths.root, copy.root, { recursive: true })
    t.strictSame(await liveWorkers(copy), [], "a copied project does not have the original's workers")
    await t.rejects(requireWorker(paths, 'wdead'), { code: 'usage', message: /^No worker "wdead" runs now/ })
  },
)

t.test("a job's number names the only one of its workers that waits for a person", async t => {
  const paths = newProject()
  const own = identifyProcess(process.pid)
  const sample = richSnapshot().workers.find(({ job, state }) => job !== null && state !== 'exited')
  if (own === undefined || sample === undefined || sample.job === null) throw new Error('no samples')
  const { jobId } = sample.job
  const write = (workerId: string, who?: 'person' | 'account') => {
    const waiting = { id: 1, for: who, what: 'the code', since: 1_000, deadlineAt: 2_000 }
    writeJsonSync(join(paths.workerStates, `${workerId}.json`), {
      ...{ ...sample, workerId, pid: own.pid, processes: [own] },
      ...(who === undefined ? {} : { waiting }),
    })
    writeJsonSync(launchFile(paths, workerId), { ...LAUNCH_DOCUMENT, workerId, root: paths.root })
  }
  write('wone')
  write('wtwo', 'account')
  await t.rejects(requireWaiting(paths, `${jobId}`), {
    code: 'usage',
    message: `Job ${jobId} has 2 workers. Name one: wone, wtwo.`,
  })
  write('wthree', 'person')
  t.match(await requireWaiting(paths, `${jobId}`), { worker: { workerId: 'wthree' }, waiting: { id: 1 } })
  t.match(await requireWaiting(paths, 'wthree'), { worker: { workerId: 'wthree' } })
  await t.rejects(requireWaiting(paths, 'wtwo'), {
    code: 'usage',
    message: /^Worker wtwo does not wait for a person/,
  })
  write('wone', 'person')
  await t.rejects(requireWaiting(paths, `${jobId}`), {
    code: 'usage',
    message: `Job ${jobId} has 2 workers that wait for a person. Name one: wone, wthree.`,
  })
})
