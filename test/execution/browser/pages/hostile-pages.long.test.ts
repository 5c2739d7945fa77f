import { readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { DEFAULT_JOB_LIMITS } from '../../../../lib/model/job/job-limits.ts'
import type { JobLimits } from '../../../../lib/model/job/job-limits.ts'
import { WorkerRun, isAlive } from '../../../helpers/processes/worker-run.ts'
import { until } from '../../../helpers/until.ts'

const MEGABYTE = 1024 ** 2

const PAGE = `<title>still here</title><script>
  const pause = () => new Promise(resolve => setTimeout(resolve, 50))
  const bytes = size => crypto.getRandomValues(new Uint8Array(65_536)) && new Uint8Array(size).fill(Math.random() * 256)
  async function take_console() {
    console.log('the first words')
    for (let i = 0; i < 1_000; i++) console.log('y'.repeat(100_000))
    console.log('the last words')
  }
  async function take_address() {
    history.replaceState(null, '', '/' + 'http://'.repeat(290_000))
    document.title = 'eyJaaaaaa-'.repeat(200_000)
    document.title = 'still here'
  }
  async function take_storage() {
    const cache = await caches.open('hoard')
    for (let i = 0; ; i++) await cache.put('/' + i, new Response(bytes(${4 * MEGABYTE})))
  }
  async function take_files() {
    const root = await navigator.storage.getDirectory()
    const make = async name => {
      const folder = await root.getDirectoryHandle(name, { create: true })
      for (let i = 0; ; i++) await folder.getFileHandle('' + i, { create: true })
    }
    await Promise.all(['a', 'b', 'c', 'd'].map(make))
  }
  async function take_memory() {
    const hoard = []
    for (;;) {
      hoard.push(bytes(${32 * MEGABYTE}))
      await pause()
    }
  }
  async function take_messages() {
    open('/busy', '_blank', 'noopener')
    const channel = new BroadcastChannel('hoard')
    const message = bytes(${20 * MEGABYTE})
    for (;;) {
      channel.postMessage(message)
      await pause()
    }
  }
</script>`

/** Page in its own process that reads one message and no other. */
const BUSY = '<script>new BroadcastChannel("hoard").onmessage = () => { for (;;); }</script>'

const site = createServer((request, response) =>
  response.setHeader('content-type', 'text/html').end(request.url === '/busy' ? BUSY : PAGE),
)
t.before(() => new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve)))
t.teardown(() => site.close())

function visit(root: string, takes: string, limits: Partial<JobLimits>) {
  const address = site.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return WorkerRun.start({
    ...{ root, workflow: 'visits-a-hostile-page' },
    input: { takes, url: `http://127.0.0.1:${port}/` },
    launch: { limits: { ...DEFAULT_JOB_LIMITS, ...limits } },
    trace: { keep: 'on-failure', limitBytes: 5 * MEGABYTE },
  })
}

t.test('a page that floods its console leaves a limited log with its first and last lines', async t => {
  const run = await visit(t.testdir(), 'console', { outputBytes: MEGABYTE })
  t.same(await run.exited, { code: 0, signal: null })
  const [name = ''] = run.artefacts('chrome')
  const log = join(run.paths.logs('chrome', new Date()), name)
  t.ok(statSync(log).size <= 1.01 * MEGABYTE, `${statSync(log).size} bytes`)
  if (run.state()?.browser?.version.includes('Headless') === true)
    t.ok(/the first words[^]*bytes are left out here[^]*the last words/.test(readFileSync(log, 'utf8')))
})

t.test('visits a page with endless addresses and titles like any other', async t => {
  const run = await visit(t.testdir(), 'address', {})
  t.same(await run.exited, { code: 0, signal: null })
  t.match(run.outcome()?.outcome, { status: 'succeeded', result: 'still here' })
  t.ok((run.state()?.url ?? '').length <= 501)
})

for (const [takes, limits] of [
  ['storage', { profileBytes: 80 * MEGABYTE }],
  // The files are empty. The check counts a page for each file, and there are more than 2,000
  // files.
  ['files', { profileBytes: 20 * MEGABYTE }],
  ['memory', { memoryBytes: 1_200 * MEGABYTE }],
  // The messages wait in shared memory, which no process maps.
  ['messages', { memoryBytes: 800 * MEGABYTE }],
] as const)
  t.test(
    `a page that takes too much ${takes} fails its job as resource-limit, and loses its browser`,
    async t => {
      const run = await visit(t.testdir(), takes, limits)
      t.same(await run.exited, { code: 1, signal: null })
      const error = { code: 'resource-limit', name: 'ResourceLimitError', message: /raise max/ }
      t.match(run.outcome()?.outcome, { status: 'failed', error, phase: { name: 'stay' } })
      t.match(run.crashes(), [{ error }])
      const { browser } = run.state() ?? {}
      await until('Chrome to be gone', () => !isAlive(browser?.pid ?? 0))
    },
  )
