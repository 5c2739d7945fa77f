import { join } from 'node:path'
import t from 'tap'
import { systemClock } from '../../../lib/core/clock.ts'
import { writeJsonSync } from '../../../lib/files/atomic-json.ts'
import { readProject } from '../../../screens/source/project-source.ts'
import { richSnapshot } from '../../fixtures/console/snapshot.ts'
import { KeptLog } from '../../helpers/kept-log.ts'
import { newProject, openTestStore } from '../../helpers/project.ts'
import { until } from '../../helpers/until.ts'

t.test(
  'a scheduler is known by its own document, also where the one before had the same process number; its workers are those since its start',
  async t => {
    const paths = newProject()
    const { scheduler, services, workers } = richSnapshot()
    const [service] = services
    const [worker] = workers
    if (scheduler === null || service === undefined || worker === undefined) throw new Error('no samples')
    const store = await openTestStore(t, paths, 'scheduler')
    t.same(store.owner.pid, process.pid)
    const writeScheduler = (startedAt: number, updatedAt: number, active = 1) =>
      writeJsonSync(paths.schedulerState, {
        ...{ ...scheduler, pid: process.pid },
        ...{ startedAt, updatedAt, active },
      })
    const writeOthers = (workerId: string, at: number) => {
      writeJsonSync(join(paths.workerStates, `${workerId}.json`), {
        ...{ ...worker, workerId },
        ...{ startedAt: at, updatedAt: at },
      })
      writeJsonSync(join(paths.serviceStates, `${service.name}.json`), { ...service, since: at })
    }
    const { since } = store.owner
    writeScheduler(since - 5_000, since - 1)
    writeOthers('wold', since - 1)

    const source = readProject(store, paths, systemClock, new KeptLog(), { followLogs: false })
    t.teardown(() => source.close())
    await source.ready
    t.match(source.current, { scheduler: null, services: [], workers: [] })

    writeScheduler(since + 5, since + 6)
    writeOthers('wnew', since + 7)
    const shown = () => source.current.workers.map(({ workerId }) => workerId)
    await until('the scheduler, its worker and its service', () => {
      const { scheduler, services } = source.current
      return scheduler !== null && services.length > 0 && shown().includes('wnew')
    })
    t.strictSame(shown(), ['wnew'])
    t.match(source.current.services, [{ name: service.name }])

    t.comment('its clock was set back')
    writeScheduler(since + 5, since - 60_000, 2)
    writeOthers('wlater', since - 50_000)
    await until('the worker', () => shown().includes('wlater'))
    t.ok(source.current.scheduler)
  },
)
