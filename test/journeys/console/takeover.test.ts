import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { decode } from 'fast-png'
import { z } from 'zod'
import type { Json } from '../../../lib/core/errors/errors.ts'
import type { WorkerDocument } from '../../../lib/model/worker/documents.ts'
import { filesWith } from '../../helpers/leak-scan.ts'
import { processTreeOf, untilNothingIsLeft } from '../../helpers/processes/process-tree.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { BUTTON, CORNER, FIELD, PERSON_PAGE } from '../../helpers/sites/person-page.ts'
import { newFolder, openTestStore } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const keys = newFolder()
process.env['XDG_DATA_HOME'] = keys
process.env['LOCALAPPDATA'] = keys
const site = await gatedSite(PERSON_PAGE)
t.teardown(site.close)
const project = new JourneyProject(t, newFolder(), {
  workflows: ['acts-along', 'asks-a-person', 'asks-beside', 'asks-for-a-code', 'steps-along'],
})
const scheduler = await project.schedule()
const store = await openTestStore(t, project.paths, 'transient')

async function enqueue(workflow: string, input: Readonly<Record<string, Json>>): Promise<number> {
  return (await store.call('jobs.enqueue', { workflow, input, workers: 1, retries: 0, origin: 'test' })).id
}

async function result(id: number): Promise<unknown> {
  return (await store.call('jobs.read', { id }))?.result
}

function waits(jobId: number): Promise<WorkerDocument> {
  return until(`job ${jobId} to wait for a person`, () =>
    project.workers().find(one => one.job?.jobId === jobId && one.waiting !== undefined),
  )
}

function ended(job: number): Promise<unknown> {
  return scheduler.event(
    `the end of job ${job}`,
    line => line.event === 'job' && line['job'] === job && /succeeded|failed/.test(String(line['state'])),
  )
}

async function does(t: Test, ...args: readonly string[]): Promise<void> {
  await doesWith(t, undefined, ...args)
}

async function doesWith(t: Test, input: string | undefined, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await project.run(args, input === undefined ? {} : { input })
  t.equal(code, 0, `${args.join(' ')} ${stderr}`)
}

t.test('a person sees what is asked, acts in the page from a command line, and resumes', async t => {
  const job = await enqueue('asks-a-person', { url: site.url })
  const { workerId, phase, waiting } = await waits(job)
  t.match(waiting, { id: 1, for: 'person', what: 'Press the button' })
  t.ok(Number(phase?.deadlineAt) > Number(waiting?.deadlineAt), 'the watchdog knows how long it may last')
  t.match(await project.run(['takeover']), {
    stdout: new RegExp(`${workerId} +${job} +waits for you: Press the button`),
  })
  t.match(await project.run(['jobs']), { stdout: new RegExp(`^${job} .* needs you `, 'm') })
  t.match(await project.run(['jobs', String(job)]), { stdout: /^state +needs you$/m })
  t.match(await project.run(['status']), {
    stdout: /ask: before the person — waits for you: Press the button/,
  })

  const png = join(project.root, 'page.png')
  t.match(await project.run(['picture', workerId, png]), { code: 0, stdout: `It shows ${site.url}/` })
  const { width, height, channels, data } = decode(readFileSync(png))
  const pixel = (CORNER.y * width + CORNER.x) * channels
  t.same([width, height, ...data.slice(pixel, pixel + 3)], [1280, 800, 204, 0, 0])
  if (process.platform !== 'win32') t.equal(statSync(png).mode & 0o077, 0)
  writeFileSync(png, 'precious')
  t.match(await project.run(['picture', workerId, png]), { code: 2, stderr: /page\.png already exists/ })
  t.equal(readFileSync(png, 'utf8'), 'precious')

  await does(t, 'takeover', 'click', workerId, String(BUTTON.x), String(BUTTON.y))
  await does(t, 'takeover', 'click', workerId, String(FIELD.x), String(FIELD.y))
  const long = await project.run(['takeover', 'type', workerId], { input: 'x'.repeat(14_001) })
  t.match(long, {
    code: 2,
    stderr: /has 14001 bytes, but a worker accepts at most 14000 at once. Nothing was sent/,
  })
  for (const key of ['Delete', 'End']) await does(t, 'takeover', 'press', workerId, key)
  await does(t, 'takeover', 'resume', workerId)
  t.match(await ended(job), { state: 'succeeded' })
  t.same(await result(job), { reply: 'done', page: 'pressed ' })
  const ofPhase = (event: string) =>
    scheduler.events().find(line => line.event === event && String(line['phase']).startsWith('2/3 ask'))
  t.ok(Number(ofPhase('phase.ended')?.['ms']) < 2_500, 'the time of the person is no part of the phase')
  t.match(await project.run(['takeover', 'resume', workerId]), { code: 2, stderr: /No worker ".*" runs now/ })
  t.same(readdirSync(project.paths.pictures), [])
})

t.test('a frame of another site that takes the focus receives nothing that a person types', async t => {
  const received: string[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', site.url)
    response.setHeader('content-type', 'text/html')
    if (pathname === '/key') received.push(searchParams.get('key') ?? '')
    response.end(
      `<style>body { margin: 0 } input { width: 400px; height: 100px }</style><input id="field">
      <script>
        field.addEventListener('keydown', ({ key }) => void fetch('/key?key=' + encodeURIComponent(key)))
        ${pathname === '/takes' ? 'setInterval(() => field.focus(), 5)' : ''}
      </script>`,
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = z.object({ port: z.int() }).parse(server.address())
  const framed = (path: string) =>
    gatedSite(`${PERSON_PAGE}<iframe src="http://localhost:${port}${path}"
      style="position: absolute; left: 0; top: 610px; width: 420px; height: 120px; border: 0"></iframe>`)
  const [takes, waiting] = [await framed('/takes'), await framed('/waits')]
  t.teardown(takes.close)
  t.teardown(waiting.close)

  const job = await enqueue('asks-a-person', { url: takes.url })
  await waits(job)
  await does(t, 'takeover', 'click', String(job), String(FIELD.x), String(FIELD.y))
  for (const [input, ...args] of [
    ['MyShopPassw0rd', 'type', String(job)],
    ['', 'press', String(job), 'End'],
  ] as const) {
    t.match(await project.run(['takeover', ...args], { input }), {
      code: 2,
      stderr: new RegExp(
        `a frame of another site has the focus, but you did not click on it: http://localhost:${port}/takes`,
      ),
    })
  }
  await does(t, 'takeover', 'resume', String(job))
  t.match(await ended(job), { state: 'succeeded' })
  t.strictSame(received, [])

  const paid = await enqueue('asks-a-person', { url: waiting.url })
  await waits(paid)
  await does(t, 'takeover', 'click', String(paid), '200', '660')
  await doesWith(t, '4711', 'takeover', 'type', String(paid))
  await until('the keys in the frame', () => received.join('') === '4711')
  await does(t, 'takeover', 'resume', String(paid))
  t.match(await ended(paid), { state: 'succeeded' })
  t.match(await result(paid), { page: 'press me ' })
})

t.test('a person may skip what is asked, refuse it, or not come at all', async t => {
  const skipped = await enqueue('asks-a-person', { url: site.url })
  const refused = await enqueue('asks-a-person', { url: site.url })
  const alone = await enqueue('asks-a-person', { url: site.url, timeout: '300ms' })
  t.match(await ended(alone), {
    state: 'failed',
    message: /No person did what the workflow asked for within 300 ms: Press the button/,
  })
  const { workerId } = await waits(skipped)
  // The folder imitates a picture that another program holds open, so the picture cannot be
  // removed.
  mkdirSync(join(project.paths.pictures, `${workerId}.json`))
  await does(t, 'takeover', 'skip', String(skipped))
  t.match(await ended(skipped), { state: 'succeeded' })
  t.match(await result(skipped), { reply: 'skipped' })
  await waits(refused)
  await does(t, 'takeover', 'fail', String(refused), '--reason', 'the shop is closed')
  t.match(await ended(refused), {
    state: 'failed',
    message: /A person refused "Press the button": the shop is closed/,
  })
})

t.test("an answer to a workflow's question on the command line is stored nowhere else", async t => {
  const job = await enqueue('asks-for-a-code', {})
  const { workerId, waiting } = await waits(job)
  t.match(waiting, { for: 'person', fields: { properties: { code: {}, trust: {} } } })
  t.match(await project.run(['takeover']), {
    stdout: /waits for you: The code of the message \(code, trust\)/,
  })
  for (const verb of ['resume', 'skip']) {
    t.match(await project.run(['takeover', verb, workerId]), {
      code: 2,
      stderr: /needs an answer \(code, trust\)/,
    })
  }
  const answer = (input: string) => project.run(['takeover', 'answer', workerId], { input })
  const wrong = await answer('code=09876\n')
  t.match(wrong, { code: 2, stderr: /is not valid: "code": / })
  t.notMatch(wrong.stderr, '09876')
  t.match(await answer('code'), { code: 2, stderr: /Line 1 of the answer on stdin is not name=value/ })
  for (const misspelt of ['code=098765\nTrust=true\n', '{"code":"098765","Trust":true}']) {
    const unasked = await answer(misspelt)
    t.match(unasked, { code: 2, stderr: /not valid: it has a name .* not ask .*\(code, trust\)/ })
    t.notMatch(unasked.stderr, 'Trust', 'a name may be a secret that is not name=value')
  }
  t.comment('the worker checks what JSON Schema cannot express')
  const refused = await answer('code=000000\n')
  t.match(refused, { code: 2, stderr: /rejected the answer: "code": is not the code .* still waits/ })
  t.match(await project.run(['takeover']), { stdout: /waits for you: The code of the message/ })
  t.match(await answer('code=000000\n'), { code: 2, stderr: /rejected the answer/ }, 'a second time')
  const both = await Promise.all([1, 2].map(() => answer('code=098765\ntrust=true\n')))
  t.equal(both.filter(({ code, stdout }) => code === 0 && /continues with the answer/.test(stdout)).length, 1)
  t.equal(both.filter(({ code }) => code === 2).length, 1, 'the other one is not taken')
  t.match(await ended(job), { state: 'succeeded' })
  t.same(await result(job), { digits: 6, trust: true })
  t.same(filesWith(project.root, '098765'), [])

  const refusing = await enqueue('asks-for-a-code', { refuses: true })
  await waits(refusing)
  await doesWith(t, 'code=845123\n', 'takeover', 'answer', String(refusing))
  t.match(await ended(refusing), { state: 'failed', message: 'The code was refused.' })
  const shown = await project.run(['jobs', String(refusing), '--json'])
  t.match(shown.stdout, '"facts":{"code":"***","entered":"***"')
  t.same(filesWith(project.root, '845123'), [], 'a fact that is called as a part of an error')
})

t.test(
  'the operator pauses a worker that called people in vain, and a page ends a wait by itself',
  async t => {
    const gate = join(project.root, 'gate')
    const walking = await enqueue('steps-along', { url: site.url, gate })
    await until('its steps', () =>
      project.workers().find(({ job, phase }) => job?.jobId === walking && phase?.step.startsWith('step ')),
    )
    await does(t, 'takeover', 'pause', String(walking))
    const paused = await waits(walking)
    t.match(paused, { waiting: { for: 'operator' } })
    t.match(await project.run(['takeover', 'skip', String(walking)]), {
      code: 2,
      stderr: /there is nothing to skip/,
    })
    writeFileSync(gate, '')
    const now = project.workers().find(({ job }) => job?.jobId === walking)
    t.match(now, { phase: { step: paused.phase?.step } }, 'it stands still')
    await does(t, 'takeover', 'resume', String(walking))
    t.match(await ended(walking), { state: 'succeeded' })

    const watched = await enqueue('asks-a-person', { url: site.url, until: '#done' })
    await waits(watched)
    await does(t, 'takeover', 'click', String(watched), String(BUTTON.x), String(BUTTON.y))
    t.match(await ended(watched), { state: 'succeeded' })
  },
)

t.test('a pause takes effect whatever the author acts by, and no limit of an action runs in it', async t => {
  const [gate, marks] = [join(project.root, 'acts-gate'), newFolder()]
  const job = await enqueue('acts-along', { url: site.url, gate, marks })
  const worker = () => project.workers().find(one => one.job?.jobId === job)
  const steps = () => new Map(readdirSync(marks).map(by => [by, statSync(join(marks, by)).size] as const))
  const all = ['both', 'element', 'frame', 'keyboard', 'locator', 'paper', 'picture', 'race']
  await until('the steps by all means', () => {
    const made = steps()
    return all.every(by => (made.get(by) ?? 0) > 2)
  })
  await does(t, 'takeover', 'pause', String(job))
  t.match(await waits(job), { waiting: { for: 'operator' } })
  const before = steps()
  t.strictSame([...before.keys()].sort(), all)
  // A waiting worker rewrites its document repeatedly.
  await until('a pause that is longer than the limit of an action', () => {
    const now = worker()
    return now?.waiting !== undefined && now.updatedAt - now.waiting.since > 5_000
  })
  t.match(worker(), { waiting: { for: 'operator' } })
  // A paused worker ends its current step and begins one more step, in which it pauses.
  for (const [by, made] of steps())
    t.ok(made <= Number(before.get(by)) + 1, `${by} stands still: ${made} after ${before.get(by)}`)
  writeFileSync(gate, '')
  await does(t, 'takeover', 'resume', String(job))
  t.match(await ended(job), { state: 'succeeded' })
})

t.test(
  'what is asked of people at the same time is asked one after the other, also beside a pause',
  async t => {
    const [ask, gate] = [join(project.root, 'third-asked'), join(project.root, 'beside-gate')]
    const job = await enqueue('asks-beside', { url: site.url, ask, gate })
    const asked = (id: number) =>
      until(`question ${id}`, () =>
        project.workers().find(({ waiting, ...one }) => one.job?.jobId === job && waiting?.id === id),
      )
    t.match(await waits(job), { waiting: { id: 1, for: 'person', what: 'First' } })
    await does(t, 'takeover', 'resume', String(job))
    t.match(await asked(2), { waiting: { for: 'person', what: 'Second' } })
    await does(t, 'takeover', 'skip', String(job))
    await until('nobody to be asked', () =>
      project.workers().find(one => one.job?.jobId === job && one.waiting === undefined),
    )
    await does(t, 'takeover', 'pause', String(job))
    t.match(await asked(3), { waiting: { for: 'operator' } })
    writeFileSync(ask, '')
    const called = await until('the third to be called', () =>
      project.workers().find(one => one.job?.jobId === job && one.phase?.step === 'calls a third'),
    )
    t.match(called, { waiting: { id: 3, for: 'operator' } }, 'the pause goes on')
    await does(t, 'takeover', 'resume', String(job))
    t.match(await asked(4), { waiting: { for: 'person', what: 'Third' } })
    writeFileSync(gate, '')
    await does(t, 'takeover', 'resume', String(job))
    t.match(await ended(job), { state: 'succeeded' })
    t.same(await result(job), { replies: ['done', 'skipped', 'done'] })
  },
)

t.test('a scheduler that is killed while a worker waits for a person leaves nothing behind', async t => {
  const job = await enqueue('asks-a-person', { url: site.url })
  const { workerId } = await waits(job)
  const family = processTreeOf(scheduler.pid)
  scheduler.signal('SIGKILL')
  await untilNothingIsLeft(family, project.root)
  const next = await project.schedule()
  t.notOk(existsSync(join(project.paths.workerStates, `${workerId}.json`)))
  await until('the job to wait again', () =>
    project
      .workers()
      .find(one => one.job?.jobId === job && one.workerId !== workerId && one.waiting !== undefined),
  )
  await project.run(['takeover', 'resume', String(job)])
  await next.event('its success', line => line.event === 'job' && line['state'] === 'succeeded')
})
