import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const Services = z.array(z.looseObject({ name: z.string(), actual: z.string() }))

/** The fixtures that the tests use. */
const workflows = ['visits']

const ON_POSIX = { skip: process.platform === 'win32' && 'Windows has no signals to ask with' }

t.test(
  'SIGTERM lets running jobs end within their time, starts no other, and reports progress',
  ON_POSIX,
  async t => {
    const site = await gatedSite('<h1>Shop</h1>')
    t.teardown(site.close)
    const project = new JourneyProject(t, newFolder(), { workflows })
    const configure = (drainTimeout: string) =>
      writeFileSync(
        join(project.root, 'automate.config.ts'),
        `export default ${JSON.stringify({
          ...{ workers: 2, warmWorkers: 0, drainTimeout },
          workflows: ['journeys'],
        })}\n`,
      )
    const states = async () =>
      (await project.ask(z.array(z.looseObject({ id: z.int(), state: z.string() })), 'jobs'))
        .sort((a, b) => a.id - b.id)
        .map(({ state }) => state)

    configure('6s')
    for (const n of [1, 2, 3]) await project.enqueue('visits', { url: `${site.url}/gate-${n}`, n })
    const longAgo = join(project.root, 'logs', '01-02-2020')
    mkdirSync(longAgo, { recursive: true })
    const first = await project.schedule()
    t.notOk(existsSync(longAgo), 'the janitor has run')
    await Promise.all([project.atStep(1, 'page 1'), project.atStep(2, 'page 2')])
    first.signal('SIGTERM')
    t.match(await first.event('the drain', ({ event }) => event === 'draining'), { running: 2 })
    await site.open('/gate-1')
    t.match(await first.event('its progress', line => line.event === 'draining' && line['running'] === 1), {
      until: Number,
    })
    const end = await first.ended
    t.equal(end.code, 0)
    t.match(
      end.stderr,
      /Stop again to end them at once[^]*The time limit for running jobs is over \(drainTimeout\), so 1 running job\(s\) are interrupted/,
    )
    t.same(await states(), ['succeeded', 'interrupted', 'queued'], 'interrupted work resumes later')

    configure('10m')
    const second = await project.schedule()
    await project.atStep(2, 'page 2')
    second.signal('SIGTERM')
    await second.event('the drain', ({ event }) => event === 'draining')
    const cron = async () => (await project.ask(Services, 'services')).find(({ name }) => name === 'cron')
    await until('cron to be stopped', async () => (await cron())?.actual === 'stopped')
    t.equal((await project.run(['services', 'restart', 'cron'])).code, 0)
    second.signal('SIGTERM')
    t.equal((await second.ended).code, 0, 'a second signal waits for nothing')
    t.same(await states(), ['succeeded', 'interrupted', 'interrupted'])
    t.match(await cron(), { desired: 'running', actual: 'stopped', restarts: 0 }, 'a drain starts no service')
  },
)
