import { appendFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import t from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'
import type { LogLine } from '../../../lib/model/log-line.ts'
import { writeJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { startOfDay } from '../../../lib/files/logs/log-folders.ts'
import type { Snapshot } from '../../../lib/app/port/snapshot.ts'
import { readProject } from '../../../lib/app/queries/project-source.ts'
import { richSnapshot } from '../../fixtures/console/snapshot.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { RecordingLog } from '../../helpers/recording-log.ts'
import { newProject, openTestStore } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

const SECOND_MS = 1_000

t.test(
  'identifies a scheduler by its document despite a reused pid, with the workers since its start',
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

    const source = readProject(store, paths, systemClock, new RecordingLog(), { followLogs: false })
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

    t.comment('the clock was set back')
    writeScheduler(since + 5, since - 60_000, 2)
    writeOthers('wlater', since - 50_000)
    await until('the worker', () => shown().includes('wlater'))
    t.ok(source.current.scheduler)
  },
)

t.test('beats of another scheduler change nothing, and missing beats are shown', async t => {
  const paths = newProject()
  const { scheduler } = richSnapshot()
  const owner = await openTestStore(t, paths, 'scheduler')
  const { pid, since } = owner.owner
  const beat = (updatedAt: number) =>
    writeJsonSync(paths.schedulerState, { ...scheduler, pid, startedAt: since, updatedAt })
  beat(since)
  const clock = new FakeClock()
  const store = await openTestStore(t, paths, 'client')
  const source = readProject(store, paths, clock, new RecordingLog(), { followLogs: false })
  t.teardown(() => source.close())
  await source.ready
  const seconds = (count: number) => {
    for (let passed = 0; passed < count; passed += 1) clock.advance(SECOND_MS)
  }
  seconds(2)
  const received: Snapshot[] = []
  source.subscribe(snapshot => received.push(snapshot))

  for (let beats = 1; beats <= 3; beats += 1) {
    beat(since + beats)
    seconds(20)
  }
  t.same(received, [])
  seconds(10)
  t.match(received, [{ silentMs: 25 * SECOND_MS }])
  beat(since + 4)
  seconds(2)
  t.match(received.at(-1), { connection: 'attached', silentMs: null })

  seconds(30)
  t.ok(source.current.silentMs)
  await owner.close()
  await store.closed
  t.match(source.current, { connection: 'lost', silentMs: null })
})

t.test('follows the lines of workers from an earlier day past midnight', async t => {
  const paths = newProject()
  const [worker] = richSnapshot().workers
  if (worker === undefined) throw new Error('no sample')
  const midnight = startOfDay(Date.now(), 1).getTime()
  const clock = new FakeClock()
  clock.jump(midnight - 5 * SECOND_MS - clock.now())
  const line = (message: string) =>
    `${JSON.stringify({ at: clock.now(), level: 'info', source: 'worker', message } satisfies LogLine)}\n`
  /** Writes a worker's log of a day, with one line, and the document of the worker. */
  const begin = (workerId: string, daysAgo: number) => {
    const log = join(paths.logs('workers', startOfDay(clock.now(), -daysAgo)), `${workerId}.log`)
    writeFileSync(log, line(`${workerId} begins`))
    const inProject = relative(paths.root, log).split(sep).join('/')
    writeJsonSync(join(paths.workerStates, `${workerId}.json`), { ...worker, workerId, log: inProject })
    return log
  }
  const today = begin('wtoday', 0)
  const earlier = begin('wearlier', 9)
  const store = await openTestStore(t, paths, 'scheduler')
  const source = readProject(store, paths, clock, new RecordingLog())
  t.teardown(() => source.close())
  await source.ready
  const shown = () => source.current.log.map(({ message }) => message).sort()
  const seconds = (count: number) => {
    for (let passed = 0; passed < count; passed++) clock.advance(SECOND_MS)
  }
  seconds(2)
  t.strictSame(shown(), ['wearlier begins', 'wtoday begins'])

  // Longer than an unused folder is followed.
  seconds(120)
  t.ok(clock.now() > midnight)
  appendFileSync(today, line('wtoday goes on'))
  appendFileSync(earlier, line('wearlier goes on'))
  seconds(2)
  t.strictSame(shown(), ['wearlier begins', 'wearlier goes on', 'wtoday begins', 'wtoday goes on'])
})
