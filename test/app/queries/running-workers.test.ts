import { cpSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { liveWorkers, requireWorker } from '../../../lib/app/queries/running-workers.ts'
import { launchFile } from '../../../lib/control/machine/workers/worker-process.ts'
import { writeJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { identifyProcess } from '../../../lib/platform/process/process-identity.ts'
import { richSnapshot } from '../../fixtures/console/snapshot.ts'
import { newProject } from '../../helpers/store/project.ts'
import { LAUNCH_DOCUMENT } from '../../helpers/builders/samples.ts'

t.test(
  'a worker that died with its scheduler takes no orders, though its document says that it runs',
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
