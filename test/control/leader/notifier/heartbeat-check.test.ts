import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import t from 'tap'
import { systemClock } from '../../../../lib/core/time/clock.ts'
import type { Log } from '../../../../lib/core/log.ts'
import { createNotifier } from '../../../../lib/control/leader/notifier/create-notifier.ts'
import { readOwnerRecord } from '../../../../lib/store/ownership/owner-record.ts'
import { messageServer } from '../../../helpers/sites/message-server.ts'
import { newProject, openTestStore } from '../../../helpers/store/project.ts'
import { until } from '../../../helpers/until.ts'

const NO_LOG: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

t.test(
  'sends no heartbeat from a scheduler that no command can reach',
  { skip: process.platform === 'win32' && 'a named pipe cannot be removed' },
  async t => {
    const paths = newProject()
    const store = await openTestStore(t, paths, 'scheduler')
    const monitor = await messageServer(t)
    const { services } = createNotifier({
      ...{
        store,
        paths,
        clock: systemClock,
        log: NO_LOG,
        language: 'en',
        secrets: [],
        trouble: () => undefined,
        checkWrites: () => Promise.resolve(),
      },
      notify: {
        ...{ telegram: null, webhook: null, bell: false, quietHours: null, perMinute: 1 },
        heartbeat: { url: monitor.url, everyMs: 50 },
      },
    })
    const heartbeat = services.find(({ name }) => name === 'heartbeat')
    await heartbeat?.start(() => undefined)
    t.teardown(() => heartbeat?.stop('stop'))
    await monitor.arrived(1)
    const trouble = await until('the trouble', () => {
      // Reads the endpoint each time, because the store can move to another address.
      const { endpoint } = readOwnerRecord(paths.owner) ?? {}
      if (endpoint !== undefined) rmSync(dirname(endpoint), { recursive: true, force: true })
      return heartbeat?.doing()
    })
    t.match(trouble, { what: 'trouble' })
  },
)

t.test('sends no heartbeat while no job can start', async t => {
  const paths = newProject()
  const store = await openTestStore(t, paths, 'scheduler')
  const monitor = await messageServer(t)
  let reason: string | undefined
  let checks = 0
  const trouble = () => {
    checks += 1
    return reason
  }
  const { services } = createNotifier({
    ...{ store, paths, clock: systemClock, log: NO_LOG, language: 'en', secrets: [], trouble },
    checkWrites: () => Promise.resolve(),
    notify: {
      ...{ telegram: null, webhook: null, bell: false, quietHours: null, perMinute: 1 },
      heartbeat: { url: monitor.url, everyMs: 50 },
    },
  })
  const heartbeat = services.find(({ name }) => name === 'heartbeat')
  await heartbeat?.start(() => undefined)
  t.teardown(() => heartbeat?.stop('stop'))
  await monitor.arrived(1)
  reason = 'The disk is full.'
  await until('the trouble', () => heartbeat?.doing())
  t.strictSame(heartbeat?.doing(), { what: 'trouble', message: 'The disk is full.' })
  const before = { beats: monitor.requests.length, checks }
  await until('more checks', () => checks >= before.checks + 3)
  t.equal(monitor.requests.length, before.beats)
  reason = undefined
  await monitor.arrived(before.beats + 1)
  await until('no trouble', () => heartbeat?.doing() === null)
})
