import { copyFileSync, linkSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { SchedulerDocument, ServiceDocument } from '../../../lib/model/worker/documents.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { messageServer } from '../../helpers/sites/message-server.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

const Status = z.object({ scheduler: SchedulerDocument, services: z.array(ServiceDocument) })

/**
 * Returns a configuration that moves the test's own Node away when that Node loads it, so that the
 * scheduler can start no other process.
 */
const moveNodeAway = (node: string, settings: object): string => `import { renameSync } from 'node:fs'
if (process.execPath === ${JSON.stringify(node)}) renameSync(process.execPath, ${JSON.stringify(away(node))})
export default ${JSON.stringify(settings)}
`

const away = (node: string): string => `${node}.away`

/** Returns a copy of Node that the test can move. */
function ownNode(folder: string): string {
  const node = join(folder, process.platform === 'win32' ? 'node.exe' : 'node')
  try {
    linkSync(process.execPath, node)
  } catch {
    // Links to another disk are not possible.
    copyFileSync(process.execPath, node)
  }
  return node
}

t.test('a scheduler that cannot start processes at its start reports it, and recovers', async t => {
  const hook = await messageServer(t)
  const node = ownNode(newFolder())
  const settings = {
    ...{ workers: 1, warmWorkers: 0, workflows: ['journeys'] },
    notify: { webhook: { url: `${hook.url}/hook` }, heartbeat: { url: `${hook.url}/beat`, every: '1s' } },
  }
  const project = new JourneyProject(t, newFolder(), {
    workflows: ['succeeds-late'],
    files: { 'automate.config.ts': moveNodeAway(node, settings) },
  })
  const id = await project.queue('succeeds-late', { at: 1 })
  const scheduler = project.start(['--no-tui', '--json'], { node })
  await scheduler.event('the lack', ({ event, phase }) => event === 'scheduler' && phase === 'no-worker')

  const [message] = await hook.arrived(1)
  t.match(message, { path: '/hook' })
  t.match(JSON.parse(message?.body ?? ''), {
    notice: {
      kind: 'workers-fail',
      reason:
        /workflows could not be read: .*did not start: spawn .*ENOENT.*install it again.*retries automatically/,
    },
  })
  const { services } = await until('a heartbeat that is withheld', async () => {
    const status = await project.ask(Status, 'status')
    const heartbeat = status.services.find(({ name }) => name === 'heartbeat')
    return heartbeat?.doing?.what === 'trouble' && status
  })
  t.match(
    services.find(({ name }) => name === 'scheduler'),
    { actual: 'running', doing: { what: 'trouble', message: /could not be read/ } },
  )
  t.equal(hook.requests.length, 1, 'there is one message, and no heartbeat')
  t.match((await project.run(['jobs', String(id)])).stdout, 'no worker process can be started')

  renameSync(away(node), node)
  await scheduler.event(
    'the end of the job',
    ({ event, job, state }) => event === 'job' && job === id && state === 'succeeded',
  )
  await until('the heartbeat', () => hook.requests.some(({ path }) => path === '/beat'))
  scheduler.signal('SIGTERM')
  t.match(await scheduler.ended, { code: 0, signal: null })
})
