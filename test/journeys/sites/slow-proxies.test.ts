import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { ForwardProxy } from '../../helpers/sites/forward-proxy.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { protectedSite } from '../../helpers/sites/protected-site.ts'
import { until } from '../../helpers/until.ts'
import { isAlive } from '../../helpers/processes/worker-run.ts'

const LOGIN = { username: 'ann', password: 'hunter2' }

const Jobs = z.array(z.object({ id: z.int(), state: z.string(), attempt: z.int(), failures: z.int() }))

const workflow = (name: string, body: string) =>
  `import { defineWorkflow, z } from 'automate-tui'
export default defineWorkflow({ name: '${name}', proxy: false, input: z.object({}), result: z.number() })
  .phase('only', { timeout: '5m' }, ${body})
`

const FILES = {
  'workflows/direct.ts': workflow('direct', '() => 1'),
  'workflows/long.ts': workflow(
    'long',
    '({ signal }) => new Promise((_resolve, reject) => signal.addEventListener("abort", reject))',
  ),
}

/**
 * Makes a project that gets its proxies from a function with this body. The function first writes
 * its process number into `called`.
 */
function projectWith(t: { teardown(end: () => unknown): unknown }, body: string): JourneyProject {
  const project = new JourneyProject(t, newFolder(), { workflows: ['through-proxy'], files: FILES })
  writeFileSync(
    join(project.root, 'automate.config.ts'),
    `import { existsSync, writeFileSync } from 'node:fs'
export default {
  ...{ workers: 3, warmWorkers: 0, workflows: ['journeys', 'workflows'] },
  proxies: async () => {
    writeFileSync('called', String(process.pid))
    ${body}
  },
}
`,
  )
  return project
}

const state = async (project: JourneyProject, id: number) =>
  (await project.ask(Jobs, 'jobs')).find(job => job.id === id)?.state

const reaches = (project: JourneyProject, id: number, wanted: string) =>
  until(`job ${id} to be ${wanted}`, async () => (await state(project, id)) === wanted)

t.test('a hanging function "proxies" delays only the jobs that need a proxy, and these show why', async t => {
  const proxy = await ForwardProxy.start(t, { credentials: LOGIN })
  const site = await protectedSite(t, LOGIN)
  const project = projectWith(
    t,
    `while (!existsSync('gate')) await new Promise(resolve => setTimeout(resolve, 50))
    return ['${proxy.url}']`,
  )
  const scheduler = await project.schedule()
  const visit = await project.enqueue('through-proxy', { url: `${site.origin}/page` })
  await until('its reason', async () => {
    const { stdout } = await project.run(['jobs', String(visit)])
    return /^why +waits for the list of proxies, which is being read; /m.test(stdout)
  })
  const long = await project.enqueue('long', {})
  await reaches(project, long, 'running')
  const direct = await project.enqueue('direct', {})
  await reaches(project, direct, 'succeeded')
  t.equal((await project.run(['cancel', String(long)])).code, 0)
  await reaches(project, long, 'cancelled')

  t.equal(await state(project, visit), 'queued')
  writeFileSync(join(project.root, 'gate'), '')
  await reaches(project, visit, 'succeeded')
  t.ok(proxy.counts.authenticated > 0)
  t.match(
    (await project.ask(Jobs, 'jobs')).find(({ id }) => id === visit),
    { attempt: 1, failures: 0 },
  )
  await scheduler.kill()
  const run = ['run', 'through-proxy', '--input', `url=${site.origin}/another`]
  t.match(await project.run(run), { code: 0 }, 'the scheduler has no list yet')
})

t.test('a function "proxies" that blocks its process ends with the scheduler', async t => {
  const project = projectWith(t, 'for (const end = Date.now() + 90_000; Date.now() < end;);')
  const scheduler = await project.schedule()
  await project.enqueue('through-proxy', { url: 'http://127.0.0.1:9/' })
  const called = join(project.root, 'called')
  const pid = await until('the call', () => existsSync(called) && Number(readFileSync(called, 'utf8')))
  scheduler.signal('SIGTERM')
  await scheduler.ended
  await until('its end', () => !isAlive(pid))
})
