import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { JobSummary } from '../../../lib/model/job/job.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { errorRecord } from '../../helpers/builders/error-record.ts'
import { runningJob } from '../../helpers/store/job-store.ts'
import { newFolder, openTestStore } from '../../helpers/store/project.ts'

/** The fixtures that the tests use. */
const workflows = ['succeeds-late', 'visits']

const Jobs = z.array(JobSummary)

/** Expected stderr of a start without trouble. Only root is warned of the missing sandbox. */
const WITHOUT_TROUBLE = /^([^\n]*run without their sandbox[^\n]*\n)?$/

t.test('jobs are queued, listed, cancelled and retried without a scheduler', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const url = 'http://127.0.0.1:1/'
  const first = await project.enqueue('visits', { url, n: 1 })
  const second = await project.enqueue('visits', { url, n: 2 })
  t.match(await project.ask(Jobs, 'jobs'), [
    { id: second, workflow: 'visits', state: 'queued', attempt: 0 },
    { id: first, state: 'queued' },
  ])
  t.same(await project.ask(z.unknown(), 'cancel', String(second)), { id: second, state: 'cancelled' })
  const again = await project.run(['cancel', String(second)])
  t.equal(again.code, 2)
  t.match(again.stderr, /has already ended/)
  t.same(
    (await project.ask(Jobs, 'jobs', '--state', 'cancelled')).map(({ id }) => id),
    [second],
  )
  t.same(await project.ask(z.unknown(), 'retry', String(second)), { id: second, state: 'queued' })
  const { code, stdout, stderr } = await project.run(['jobs', '--limit', '1'])
  t.equal(code, 0)
  t.match(stderr, 'only the newest is listed')
  t.notMatch(stdout, new RegExp(`^${first} `, 'm'))
  t.match(stdout, /^job +workflow +state/)
  t.match(stdout, new RegExp(`^${second} +visits +queued`, 'm'))

  const key = ['enqueue', 'visits', '--input', `url=${url}`, '--key', 'only one']
  t.same(await project.ask(z.unknown(), ...key), { id: 3, created: true })
  t.same(await project.ask(z.unknown(), ...key), { id: 3, created: false, state: 'queued' })
  t.match(await project.ask(z.unknown(), 'status'), { scheduler: null, workers: [], counts: { queued: 3 } })
  t.same(await project.ask(z.array(z.unknown()), 'crashes'), [])

  const after = ['enqueue', 'visits', '--input', `url=${url}`, '--after']
  t.same(await project.ask(z.unknown(), ...after, '3', '--if-failed', 'run'), { id: 4, created: true })
  t.match((await project.run(['jobs', '4'])).stdout, /after +3 \(if one fails: runs anyway\)/)
  t.match(await project.run([...after, '9']), { code: 2, stderr: /no job 9/ })
  t.match(await project.run(['depend', '3', '4']), { code: 2, stderr: /cannot wait for job 4.*3 → 4 → 3/ })
  t.match((await project.run(['depend', '4', '1', '2'])).stdout, 'Job 4 waits for 1, 2, 3.')
})

t.test('a queued job with a proxy that is not in the list is warned of', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const proxy = 'http://127.0.0.1:9'
  const enqueue = async (use: string, more: readonly string[], env = {}) => {
    const args = ['enqueue', 'visits', '--input', 'url=http://127.0.0.1:1/', '--proxy', use, ...more]
    const { code, stderr } = await project.run(args, { env })
    t.equal(code, 0)
    return stderr
  }
  const unlisted =
    /^The present configuration lists no proxy http:\/\/127\.0\.0\.1:9\. Job 1 fails when it starts, unless /m
  t.match(await enqueue(proxy, ['--key', 'a']), unlisted)
  t.notMatch(await enqueue(proxy, ['--key', 'a']), 'lists no proxy', 'the job of this key may have another')
  t.notMatch(await enqueue(proxy, [], { AUTOMATE_PROXIES: proxy }), 'lists no proxy')
  for (const use of ['any', 'none']) t.notMatch(await enqueue(use, []), 'lists no proxy', use)
})

t.test('dead jobs are listed, and queued again all at once', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const store = await openTestStore(t, project.paths, 'transient')
  const id = await runningJob(store)
  await store.call('jobs.finish', { id, attempt: 1, state: 'failed', error: errorRecord('no shop') })
  await runningJob(store)
  await store.close()
  t.match(await project.ask(Jobs, 'jobs', '--dead'), [{ id, state: 'failed', errorMessage: 'no shop' }])
  const interrupted = /^No scheduler is running: jobs shown as running were interrupted/m
  t.match((await project.run(['jobs'])).stderr, interrupted)
  t.match((await project.run(['jobs', `${id + 1}`])).stderr, interrupted)
  t.notMatch((await project.run(['jobs', `${id}`])).stderr, interrupted)
  t.same(await project.ask(Jobs, 'jobs', '--dead', '--workflow', 'other'), [])
  t.same(await project.ask(z.unknown(), 'retry', '--all', '--workflow', 'other'), { queued: [], refused: [] })
  const { code, stdout } = await project.run(['retry', '--all'])
  t.equal(code, 0)
  t.equal(stdout.trim(), '1 failed or parked job is queued again.')
  t.same(await project.ask(z.unknown(), 'retry', '--all'), { queued: [], refused: [] })
})

t.test('commands that run at once each have their turn, and each is done once', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const url = 'http://127.0.0.1:1/'
  // Six processes, because the commands of `project.run` share one process and wait for each other
  // in it.
  const queued = Array.from({ length: 6 }, async (_, n) => {
    const input = ['--input', `url=${url}`, '--input', `n=${n}`]
    const { stdout } = await project.start(['enqueue', 'visits', ...input, '--json']).ended
    return z.object({ id: z.int() }).parse(JSON.parse(stdout)).id
  })
  const ids = (await Promise.all(queued)).toSorted((a, b) => a - b)
  t.same(ids, [1, 2, 3, 4, 5, 6])
  t.equal((await project.ask(Jobs, 'jobs')).length, 6)
})

t.test('the database is checked and copied', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  await project.enqueue('succeeds-late', { at: 1 })
  t.match(await project.ask(z.unknown(), 'db', 'check'), { ok: true, problems: [] })
  t.match((await project.run(['db', 'check'])).stdout, /^The database is intact\.\nFile: .*, [\d.]+ kB\n/)
  const inItalian = await project.run(['db', 'check', '--language', 'it'])
  t.match(inItalian.stdout, /^Il database è integro\.\n/)
  const copy = join(project.root, 'copy.db')
  const backup = await project.run(['db', 'backup', copy])
  t.equal(backup.code, 0)
  t.match(backup.stdout, copy)
  t.match(readFileSync(copy, 'latin1').slice(0, 15), 'SQLite format 3')
  const twice = await project.run(['db', 'backup', copy])
  t.equal(twice.code, 2)
  t.match(twice.stderr, /already exists/)
})

t.test('tables are looked into, and rows changed, made and taken away', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const id = await project.enqueue('succeeds-late', { at: 1 })
  const db = (...args: readonly string[]) => project.run(['db', ...args])
  const rows = (table: string, ...args: readonly string[]) =>
    project.ask(z.array(z.record(z.string(), z.unknown())), 'db', 'rows', table, ...args)

  t.match((await db('tables')).stdout, /^jobs +1 +input, priority, due_at, retries +removed$/m)
  t.equal((await db('set', 'jobs', '--key', `id=${id}`, 'priority=7', 'due_at=2026-12-01 08:00')).code, 0)
  t.match(await rows('jobs', '--filter', 'state:queued', '--sort', '-id', '--limit', '1'), [
    { id, state: 'queued', priority: 7, due_at: new Date(2026, 11, 1, 8).getTime() },
  ])
  t.match((await db('rows', 'jobs')).stdout, /succeeds-late .*2026-12-01 08:00:00/)

  t.equal((await db('add', 'counters', 'name==HYPERLINK("x"),2', 'value=3')).code, 0)
  const { stdout } = await db('rows', 'counters', '--csv')
  t.equal(stdout, `name,value\n"'=HYPERLINK(""x""),2",3\n`)
  t.equal((await db('remove', 'counters', '--key', 'name==HYPERLINK("x"),2')).code, 0)
  t.strictSame(await rows('counters'), [])

  const early = await db('remove', 'jobs', '--key', `id=${id}`)
  t.match(early, { code: 2, stderr: /Cancel it first/ })
  t.match(await db('set', 'jobs', '--key', `id=${id}`, '__proto__=3'), {
    code: 2,
    stderr: /no column __proto__/,
  })
  const wrong = await db('set', 'jobs', '--key', `id=${id}`, 'state=succeeded')
  t.match(wrong, { code: 2, stderr: /Only automate-tui sets jobs\.state/ })
})

t.test('a job whose input is changed counts for the site of the new one', async t => {
  const shop = `import { defineWorkflow, z } from 'automate-tui'
    export default defineWorkflow({
      name: 'shop', input: z.object({ url: z.url() }), result: z.null(), domains: { from: 'url' },
    }).phase('visit', { timeout: '1s' }, () => null)`
  const project = new JourneyProject(t, newFolder(), { workflows, files: { 'workflows/shop.ts': shop } })
  const id = await project.enqueue('shop', { url: 'https://old.example/' })
  const domains = async () => {
    const found = await project.ask(Jobs, 'jobs')
    return found.map(job => job.domains)
  }
  t.strictSame(await domains(), [['old.example']])
  const set = ['db', 'set', 'jobs', '--key', `id=${id}`]
  t.match(await project.run([...set, 'input={"url":"https://new.example/"}']), { code: 0 })
  t.strictSame(await domains(), [['new.example']])
  for (const [input, says] of [
    ['{"url":"x"}', /The input is not valid for workflow "shop": "url": /],
    ['{"url":"https://x.example/","n":2}', /Workflow "shop" has no input "n"\. Its inputs are url\./],
  ] as const) {
    t.match(await project.run([...set, `input=${input}`]), { code: 2, stderr: says })
  }
  t.strictSame(await domains(), [['new.example']])
})

t.test('a scheduler goes on when whoever read its lines has gone', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const job = await project.enqueue('succeeds-late', { at: 1 })
  const next = ['enqueue', 'succeeds-late', '--input', 'at=1', '--priority', '9', '--after', String(job)]
  const { id } = await project.ask(z.object({ id: z.int() }), ...next)
  const scheduler = project.start(['--no-tui', '--until-idle', '--json'])
  await scheduler.event('its first line', () => true)
  scheduler.hangUp()
  t.match(await scheduler.ended, { code: 0, stderr: WITHOUT_TROUBLE })
  const jobs = await project.ask(Jobs, 'jobs')
  t.match(jobs, [
    { id, state: 'succeeded' },
    { id: job, state: 'succeeded' },
  ])
  t.ok(
    (jobs[0]?.startedAt ?? 0) >= (jobs[1]?.endedAt ?? Infinity),
    'one that waits for another begins after its end',
  )
})
