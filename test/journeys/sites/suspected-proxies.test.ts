import { createServer } from 'node:http'
import { createServer as createTcp } from 'node:net'
import type { Server } from 'node:net'
import t from 'tap'
import { z } from 'zod'
import { CrashSummary } from '../../../lib/model/failure/crash.ts'
import { ForwardProxy } from '../../helpers/sites/forward-proxy.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

const READS_OFFERS = `import { defineWorkflow, z } from 'automate-tui'

export default defineWorkflow({ name: 'reads-offers', input: z.object({ url: z.url() }), result: z.number(), retries: 1 })
  .phase('read', { timeout: '20s' }, async ({ page, input }) => {
    await page.goto(input.url)
    const heading = await page.$eval('h1', element => element.textContent)
    if (heading !== 'Offers') throw new Error(\`The page is not the list of offers but "\${heading}".\`)
    return 1
  })
`

const Jobs = z.array(z.object({ id: z.int(), state: z.string(), attempt: z.int() }))
const Health = z.array(z.object({ id: z.string(), state: z.string(), failures: z.int() }))

async function portOf(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

const site = (heading: string) =>
  portOf(
    createServer((_request, response) =>
      response.setHeader('content-type', 'text/html').end(`<h1>${heading}</h1>`),
    ),
  )

function projectWith(proxies: readonly string[]): JourneyProject {
  return new JourneyProject(t, newFolder(), {
    workflows: [],
    workers: 1,
    settings: { workflows: ['workflows'], proxies: [...proxies] },
    files: { 'workflows/reads-offers.ts': READS_OFFERS },
  })
}

function ended(project: JourneyProject, id: number) {
  return until(`the end of job ${id}`, async () =>
    (await project.ask(Jobs, 'jobs')).find(
      job => job.id === id && (job.state === 'succeeded' || job.state === 'failed'),
    ),
  )
}

t.test('a page that quotes a proxy error disables no proxy, and delays no job', async t => {
  const [one, two] = [await ForwardProxy.start(t), await ForwardProxy.start(t)]
  const hostile = await site('net::ERR_PROXY_CONNECTION_FAILED')
  const project = projectWith([one.address, two.address])
  await project.schedule()
  const failing = await project.enqueue('reads-offers', { url: `http://127.0.0.1:${hostile}/` })
  t.match(await ended(project, failing), { state: 'failed', attempt: 2 })
  const [crash] = await project.ask(z.array(CrashSummary), 'crashes')
  t.match(crash, { errorCode: 'unexpected', message: /not the list of offers but "net::ERR_PROXY/ })
  t.match(
    (await project.ask(Health, 'proxies')).map(({ state, failures }) => [state, failures]),
    [
      ['healthy', 0],
      ['healthy', 0],
    ],
  )

  const next = await project.enqueue('reads-offers', { url: `http://127.0.0.1:${await site('Offers')}/` })
  t.match(await ended(project, next), { state: 'succeeded', attempt: 1 })
})

t.test('a site that asks for a proxy login without a proxy fails by itself', async t => {
  const refuse = (more: string) =>
    portOf(
      createTcp(socket =>
        socket
          .on('error', () => undefined)
          .once('data', () => socket.end(`HTTP/1.1 407 Who\r\n${more}content-length: 0\r\n\r\n`)),
      ),
    )
  const project = projectWith([])
  await project.schedule()
  for (const more of ['proxy-authenticate: Basic realm="x"\r\n', '']) {
    const id = await project.enqueue('reads-offers', { url: `http://127.0.0.1:${await refuse(more)}/` })
    t.match(await ended(project, id), { state: 'failed', attempt: 2 })
    const crash = (await project.ask(z.array(CrashSummary), 'crashes')).find(({ jobId }) => jobId === id)
    t.match(crash, { errorCode: 'navigate', message: /uses no proxy of the project/ })
  }
})
