import { once } from 'node:events'
import { createServer } from 'node:http'
import t from 'tap'
import { z } from 'zod'
import { CrashSummary } from '../../../lib/model/failure/crash.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { LiveConsole } from '../../helpers/terminal/live-console.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

/** The fixtures that the tests use. */
const workflows = ['orders-at-a-gate']

/** Starts a shop that counts its orders, and admits no visitor until it opens. */
async function gatedShop(t: { teardown(end: () => void): void }) {
  const { promise: open, resolve } = Promise.withResolvers<undefined>()
  let orders = 0
  const server = createServer((request, response) => {
    if (request.method === 'POST') orders += 1
    void open.then(() => response.end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return {
    url: `http://127.0.0.1:${address === null || typeof address === 'string' ? 0 : address.port}`,
    open: () => resolve(undefined),
    orders: () => orders,
  }
}

const skip = process.platform === 'win32' && 'a process cannot be stopped there'

t.test('a stopped scheduler fails no finished work, and its silence is reported', { skip }, async t => {
  const shop = await gatedShop(t)
  const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
  const scheduler = await project.schedule()
  const attached = new LiveConsole(t, ['--root', project.root], [120, 40])
  await attached.see('● attached')
  await attached.see(/scheduler +● running/)
  const run = project.start(['run', 'orders-at-a-gate', '--input', `url=${shop.url}`, '--json'])
  const job = 1
  const { phase } = await project.atStep(job, 'gate')
  scheduler.signal('SIGSTOP')
  t.teardown(() => scheduler.signal('SIGCONT'))
  shop.open()
  attached.press('S-tab', 'down', 'r')

  const [waiting] = await until('a worker that waits for the scheduler', () => {
    const workers = project.workers().filter(worker => worker.waiting?.for === 'scheduler')
    return workers.length === 0 ? undefined : workers
  })
  t.ok((waiting?.phase?.deadlineAt ?? 0) > (phase?.deadlineAt ?? Infinity), 'the limit is paused')
  await attached.see(/asked for service cron to restart → no answer yet/)
  await attached.see(/! scheduler silent \d+ s/)
  await attached.see(/scheduler +! silent \d+ s/)
  await run.says('the scheduler has not answered for 25 s')
  await until('the end of the limit', () => Date.now() > (phase?.deadlineAt ?? 0) + 5_000)

  scheduler.signal('SIGCONT')
  const end = await scheduler.event(
    'the end of the job',
    ({ event, job: of }) => event === 'result' && of === job,
  )
  t.match(end, { result: { ordered: true } })
  t.equal(shop.orders(), 1)
  await attached.see(/restart → no answer yet → done/)
  await attached.see('● attached')
  await attached.see(/scheduler +● running/)
  const { code, stdout, stderr } = await run.ended
  t.match(JSON.parse(stdout), { id: job, state: 'succeeded', result: { ordered: true } })
  t.equal(code, 0)
  t.match(stderr, 'The scheduler answers again.')
  t.equal(stderr.split('has not answered').length, 2, 'the silence is reported once')
  attached.look().press('q')
  await attached.ended(t)
  t.same(await project.ask(z.array(CrashSummary), 'crashes'), [])
})
