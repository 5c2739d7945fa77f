import { readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import t from 'tap'
import type { Test } from 'tap'
import { z } from 'zod'
import { ChannelHealth } from '../../../lib/model/notify/outbox-message.ts'
import { Notification } from '../../../lib/model/notify/notification.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { messageServer, telegramRefusal } from '../../helpers/sites/message-server.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const workflows = ['fails-together', 'visits']

const TOKEN = '123:very-secret'

/** Returns an environment that sends notices to a server of the test. */
const telling = (url: string, more = {}) => ({
  TELEGRAM: TOKEN,
  AUTOMATE_NOTIFY: JSON.stringify({ telegram: { tokenEnv: 'TELEGRAM', chat: 5, apiRoot: url }, ...more }),
})

t.test('notify test tries the channels, and names the remedy of each failure', async t => {
  const server = await messageServer(t)
  const project = new JourneyProject(t, newFolder(), { workflows })
  const hook = { webhook: { url: `${server.url}/hook/of-mine`, headers: { authorization: 'Bearer abc' } } }
  const env = telling(server.url, hook)
  const good = await project.run(['notify', 'test', '--json'], { env })
  t.equal(good.code, 0)
  t.strictSame(JSON.parse(good.stdout), [
    { channel: 'telegram', status: 'delivered' },
    { channel: 'webhook', status: 'delivered' },
    { channel: 'bell', status: 'delivered' },
  ])
  t.strictSame(server.requests.map(({ path }) => path).sort(), [`/bot${TOKEN}/sendMessage`, '/hook/of-mine'])

  server.answers.push(telegramRefusal(401, 'Unauthorized'))
  const wrong = await project.run(['notify', 'test', '--channel', 'telegram'], { env })
  t.equal(wrong.code, 2)
  t.match(wrong.stdout, /Telegram +refused +Unauthorized\. The bot token is wrong.*@BotFather/)
  server.answers.push({ status: 401 })
  const denied = await project.run(['notify', 'test', '--channel', 'webhook'], { env })
  t.match(
    denied.stdout,
    /HTTP 401\..* "headers" or "headersEnv", .* at once; or .* "automate-tui services restart notifier"\.\n$/,
  )
  await server.close()
  const away = await project.run(['notify', 'test', '--channel', 'webhook'], { env })
  t.equal(away.code, 4)
  t.match(away.stdout, /webhook +not now +no service listens there: check the address, .* \(ECONNREFUSED\)/)
  const lost = await project.run(['notify', 'test', '--channel', 'webhook', '--language', 'it'], {
    env: telling(server.url, { webhook: { url: 'http://no-such-name.invalid/' } }),
  })
  t.equal(lost.code, 4)
  t.match(lost.stdout, /webhook +non ora +.*: controlla .*la rete \((ENOTFOUND|EAI_AGAIN)\)/)

  const none = { AUTOMATE_NOTIFY: '{"bell":false}' }
  t.match(await project.run(['notify', 'test'], { env: none }), { code: 2, stderr: /names no channel/ })
  t.match(await project.run(['notify', 'test', '--channel', 'fax'], { env }), {
    code: 2,
    stderr: /no channel "fax"/,
  })
  t.match(await project.run(['notify', 'test'], { env: { ...env, TELEGRAM: '' } }), {
    code: 2,
    stderr: /comes from the variable TELEGRAM, which is not set/,
  })
  const { stdout } = await project.run(['config', '--json'], { env })
  t.notMatch(stdout, /very-secret|of-mine|Bearer abc/)
})

/**
 * Starts a page that responds once `count` browsers have requested it, to all of them together.
 * Resolves with its address.
 */
async function meetingPlace(t: Test, count: number): Promise<string> {
  const waiting: ServerResponse[] = []
  const server = createServer((request, response) => {
    // A browser also requests an icon.
    if (request.url !== '/') {
      response.writeHead(404).end()
      return
    }
    waiting.push(response)
    if (waiting.length >= count) for (const one of waiting.splice(0)) one.end('<h1>Shop</h1>')
  })
  t.teardown(() => server.close().closeAllConnections())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the place has no port')
  return `http://127.0.0.1:${address.port}`
}

t.test('ten workers that fail with one cause are one message, which is sent once', async t => {
  const url = await meetingPlace(t, 10)
  const server = await messageServer(t)
  const env = telling(server.url)
  const project = new JourneyProject(t, newFolder(), { workflows, workers: 10 })
  const job = await project.queue('fails-together', { url })
  const scheduler = project.start(['--no-tui', '--json'], { env })
  const [sent] = await server.arrived(1)
  t.equal(sent?.path, `/bot${TOKEN}/sendPhoto`, 'the message has the picture of the failure')
  t.match(sent?.body, /New failure: ElementError: no button for worker \d/)
  t.match(sent?.body, /workers 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 of 10: 2\/2 add_step: button Add to cart/)
  t.match(sent?.body, /at addToCart \(journeys\/fails-together.ts:4\)/)
  const rung = await scheduler.event('the bell', ({ event }) => event === 'notice')
  t.match(Notification.parse(rung['notice']), {
    kind: 'crash',
    state: 'new',
    count: 10,
    places: { length: 10 },
  })
  await scheduler.event('the end of the job', line => line['job'] === job && line['state'] === 'failed')
  scheduler.signal('SIGTERM')
  t.equal((await scheduler.ended).code, 1, 'the exit code reports a failed job')

  t.equal((await project.run(['--no-tui', '--until-idle', '--json'], { env })).code, 0)
  t.equal(server.requests.length, 1, 'neither the end nor the next start sends the message again')
  const bundle = join(project.root, 'bundle.zip')
  t.match(await project.run(['crashes', '1', '--bundle', bundle], { env }), {
    code: 0,
    stdout: /bundle\.zip/,
  })
  const files = unzipSync(readFileSync(bundle))
  t.match(
    Object.keys(files).sort().join(' '),
    /chrome\/job_1.* config.json crash.json screenshots\/job_1.* versions.json workers\/job_1/,
  )
  t.notMatch(
    Object.values(files)
      .map(bytes => strFromU8(bytes))
      .join(),
    new RegExp(TOKEN),
  )
  const { stdout } = await project.run(['notify', '--json'], { env })
  t.match(z.array(ChannelHealth).parse(JSON.parse(stdout)), [
    { channel: 'telegram', sent: 1, waiting: 0, parked: 0 },
    { channel: 'bell', sent: 1 },
  ])
})

const POSIX = process.platform === 'win32' ? 'no process can be stopped here' : false

t.test(
  'a worker notifies a crash while the scheduler is stopped, and no second message follows',
  { skip: POSIX },
  async t => {
    const site = await gatedSite('<p>no heading</p>')
    t.teardown(site.close)
    const server = await messageServer(t)
    const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
    const job = await project.queue('visits', { url: `${site.url}/gate`, n: 1 })
    const scheduler = project.start(['--no-tui', '--json'], { env: telling(server.url) })
    const { workerId } = await project.atStep(job, 'page 1')
    scheduler.signal('SIGSTOP')
    await site.open('/gate')
    const [sent] = await server.arrived(1)
    t.match(sent?.body, /New failure.*2\/3 open: page 1/s)
    await until('its mark', () => {
      const names = readdirSync(project.paths.crashes)
      const mark = names.find(name => name.endsWith('.mark'))
      return mark !== undefined && readFileSync(join(project.paths.crashes, mark), 'utf8').includes('"sent"')
    })
    scheduler.signal('SIGCONT')
    const rung = await scheduler.event(
      'the bell, which the worker did not ring',
      ({ event }) => event === 'notice',
    )
    t.match(Notification.parse(rung['notice']), { kind: 'crash', count: 1, places: [{ workerId }] })
    scheduler.signal('SIGTERM')
    scheduler.signal('SIGTERM')
    await scheduler.ended
    t.equal(server.requests.length, 1)
  },
)
