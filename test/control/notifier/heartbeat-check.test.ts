import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import t from 'tap'
import { systemClock } from '../../../lib/core/clock.ts'
import type { Log } from '../../../lib/core/log.ts'
import { tellingOf } from '../../../lib/control/notifier/telling.ts'
import { readAnnouncement } from '../../../lib/store/ownership/announcement.ts'
import { messageServer } from '../../helpers/message-server.ts'
import { newProject, openTestStore } from '../../helpers/project.ts'
import { until } from '../../helpers/until.ts'

const NO_LOG: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

t.test(
  'a monitor does not hear that all is well from a scheduler that no command reaches',
  { skip: process.platform === 'win32' && 'a named pipe cannot be removed' },
  async t => {
    const paths = newProject()
    const store = await openTestStore(t, paths, 'scheduler')
    const monitor = await messageServer(t)
    const { services } = tellingOf({
      ...{ store, paths, clock: systemClock, log: NO_LOG, language: 'en', secrets: [] },
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
      // Each time, because the store listens again at another address.
      const { endpoint } = readAnnouncement(paths.owner) ?? {}
      if (endpoint !== undefined) rmSync(dirname(endpoint), { recursive: true, force: true })
      return heartbeat?.doing()
    })
    t.match(trouble, { what: 'trouble' })
  },
)
