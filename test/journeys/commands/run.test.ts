import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { livingScheduler } from '../../../lib/store/ownership/living-owner.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { parseLines } from '../../helpers/program/automate.ts'
import type { Automate } from '../../helpers/program/automate.ts'
import { enqueue, jobIn } from '../../helpers/store/job-store.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { openProjectStore } from '../../helpers/store/project-store.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const workflows = ['fails', 'visits']

t.test('run and worker perform one job, with its phases on stderr and its result on stdout', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows })
  const input = ['--input', `url=${site.url}`, '--input', 'n=3']
  const result = { n: 3, heading: 'Shop' }

  const run = await project.run(['run', 'visits', ...input])
  t.equal(run.code, 0)
  t.same(JSON.parse(run.stdout), result)
  t.match(run.stderr, /2\/3 open: page 3/)
  t.match(run.stderr, /3\/3 report — done/)

  // An editor on Windows saves with a byte order mark.
  writeFileSync(join(project.root, 'input.json'), `\ufeff${JSON.stringify({ url: site.url, n: 3 })}`)
  const json = await project.run(['run', 'visits', '--input-file', 'input.json', '--workers', '2', '--json'])
  t.equal(json.code, 0)
  t.same(JSON.parse(json.stdout), { id: 2, state: 'succeeded', result, error: null })
  t.ok(parseLines(json.stderr).some(({ members }) => members === 2))

  const worker = await project.run(['worker', 'visits', ...input])
  t.equal(worker.code, 0)
  t.same(JSON.parse(worker.stdout), result)
  t.match(worker.stderr, /2\/3 open: page 3/)
  const workerJson = await project.run(['worker', 'visits', '--json', ...input])
  t.match(JSON.parse(workerJson.stdout), { outcome: { status: 'succeeded', result } })
})

t.test('a failed job exits with 1 and its reason, and its output is not a result', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows })
  const job = (how: string) => ['fails', '--input', `how=${how}`, '--input', `url=${site.url}`]
  const run = await project.run(['run', ...job('throws')])
  t.equal(run.code, 1)
  t.match(run.stdout, /Job 1 failed: no such button/)
  t.match(run.stderr, /crash 1 in 2\/3 add_step: button Add to cart: Error: no such button/)
  const worker = await project.run(['worker', ...job('prints')])
  t.equal(worker.code, 1)
  t.match(worker.stdout, /^Error: no such button/)
  t.match(worker.stderr, /looking for the button[^]*Screenshot: /)
})

t.test('without a scheduler, run performs only its own job and the jobs that it depends on', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows })
  const input = { url: site.url, n: 3 }
  const fields = Object.entries(input).flatMap(([key, value]) => ['--input', `${key}=${value}`])
  const states = async () => {
    const jobs = await project.ask(z.array(z.object({ id: z.int(), state: z.string() })), 'jobs')
    return jobs.map(({ id, state }) => `${id} ${state}`).sort()
  }
  const [other, needed] = [await project.enqueue('visits', input), await project.enqueue('visits', input)]
  t.match(await project.run(['schedules', 'add', 'often', 'visits', '--every', '1s', ...fields]), { code: 0 })

  const run = await project.run(['run', 'visits', '--after', String(needed), ...fields])
  t.equal(run.code, 0, run.stderr)
  t.match(run.stderr, /1 other job still waits for a scheduler\. Start it with: automate-tui /)
  t.strictSame(await states(), [`${other} queued`, `${needed} succeeded`, '3 succeeded'])

  t.comment('cancels a job that cannot be run')
  const unfit = await project.run(['run', 'visits', ...fields], { env: { AUTOMATE_BROWSER: project.root } })
  t.equal(unfit.code, 4)
  t.strictSame(await states(), [`${other} queued`, `${needed} succeeded`, '3 succeeded', '4 cancelled'])
})

t.test(
  'without a scheduler, run also performs an existing job with its key, unless that is parked',
  async t => {
    const site = await gatedSite('<h1>Shop</h1>')
    t.teardown(site.close)
    const project = new JourneyProject(t, newFolder(), { workflows: ['visits'] })
    const input = { url: site.url, n: 3 }
    const visits = ['visits', '--input', `url=${site.url}`]
    const store = await openProjectStore(project.paths, 'scheduler')
    const parked = await jobIn(store, 'parked', { workflow: 'visits', input, uniqueKey: 'parked' })
    const waiting = await enqueue(store, { workflow: 'visits', input, uniqueKey: 'waiting' })
    const later = await enqueue(store, { workflow: 'visits', input })
    await store.close()

    t.match(await project.run(['run', ...visits, '--key', 'waiting']), {
      code: 0,
      stderr: /^Job \d+ has this key already\. Its state: queued\.$/m,
    })
    const states = async () => {
      const jobs = await project.ask(z.array(z.object({ id: z.int(), state: z.string() })), 'jobs')
      return Object.fromEntries(jobs.map(({ id, state }) => [id, state]))
    }
    t.strictSame(await states(), { [parked]: 'parked', [waiting]: 'succeeded', [later]: 'queued' })

    const remedy = new RegExp(`Job ${parked} is parked because .*"automate-tui retry ${parked}"`)
    t.match(await project.run(['run', ...visits, '--key', 'parked']), { code: 2, stderr: remedy })
    t.match(await project.run(['run', ...visits, '--after', String(parked)]), { code: 2, stderr: remedy })
    t.match(await states(), { [parked]: 'parked', [later + 1]: 'cancelled' })
    t.match(await project.run(['enqueue', ...visits, '--key', 'parked']), {
      stdout: `Job ${parked} has this key already. Its state: parked.`,
    })
  },
)

t.test('several runs without a scheduler each end with the result of their own job', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const begin = async (workers: number, runs: number) => {
    const project = new JourneyProject(t, newFolder(), { workflows: ['visits'], workers })
    const run = async (n: number) => {
      const job = ['visits', '--workers', '1', '--input', `url=${site.url}/gate${n}`, '--input', `n=${n}`]
      const started = project.start(['run', ...job])
      await started.says(n <= workers ? `2/3 open: page ${n}` : 'queued')
      return started
    }
    const started: Automate[] = []
    for (let n = 1; n <= runs; n += 1) started.push(await run(n))
    return started
  }
  const end = async (run: Automate | undefined, n: number) => {
    await site.open(`/gate${n}`)
    const { code, stdout, stderr = '' } = (await run?.ended) ?? {}
    t.match({ code, stdout }, { code: 0, stdout: new RegExp(`"n": ${n},`) }, stderr)
  }

  t.comment('the run that schedules waits for the other')
  const [first, second] = await begin(2, 2)
  const firstEnds = end(first, 1)
  await first?.says('1 other job still runs in this process')
  await Promise.all([firstEnds, end(second, 2)])

  t.comment('the run that schedules is killed')
  const [killed, next, last] = await begin(1, 3)
  await killed?.kill()
  await Promise.all([end(next, 2), end(last, 3)])
})

t.test('a run continues with the next scheduler after its scheduler was killed', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows: ['visits'] })
  const scheduler = await project.schedule()
  const job = ['visits', '--workers', '1', '--input', `url=${site.url}/gate`, '--input', 'n=4']
  const run = project.start(['run', ...job])
  await run.says('2/3 open: page 4')
  await scheduler.kill()
  await run.says('The scheduler ended before the job. This command waits half a minute for the next one')
  const next = await project.schedule()
  await site.open('/gate')
  t.match(await run.ended, { code: 0, stdout: /"n": 4,/ })
  next.signal('SIGTERM')
  await next.ended
  t.equal(next.events().filter(({ job: id, state }) => id === 1 && state === 'succeeded').length, 1)
})

const ENDED = 'The scheduler ended before the job'

t.test('one of several runs schedules, and the others join it, if no next scheduler starts', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows: ['visits'] })
  const scheduler = await project.schedule()
  const numbers = [1, 2, 3]
  const runs = numbers.map(n => {
    const input = ['--input', `url=${site.url}/gate${n}`, '--input', `n=${n}`]
    return project.start(['run', 'visits', '--workers', '1', ...input])
  })
  await Promise.all(runs.map((run, at) => run.says(`2/3 open: page ${numbers[at]}`)))
  await scheduler.kill()
  await Promise.all(runs.map(run => run.says(ENDED)))
  // Each of these commands owns the store for a moment.
  await until('the run that schedules', async () => {
    await project.run(['status'])
    return livingScheduler(project.paths.owner)
  })
  for (const { stderr } of runs) t.equal(stderr.split(ENDED).length - 1, 1, 'no command restarts the wait')
  await Promise.all(numbers.map(n => site.open(`/gate${n}`)))
  const ends = await Promise.all(runs.map(({ ended }) => ended))
  for (const [at, { code, stdout, stderr }] of ends.entries()) {
    t.match({ code, stdout }, { code: 0, stdout: `"n": ${numbers[at]},` }, stderr)
  }
})

const skip = process.platform === 'win32' && 'Windows has no signals to ask politely with'

t.test('Ctrl+C cancels the job, and run exits with 3', { skip }, async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows })
  const job = ['visits', '--input', `url=${site.url}/gate`, '--input', 'n=5']
  const [run, worker] = [project.start(['run', ...job]), project.start(['worker', ...job])]
  await run.says('2/3 open: page 5')
  run.signal('SIGINT')
  await worker.says('2/3 open: page 5')
  worker.signal('SIGINT')
  t.equal((await run.ended).code, 3)
  t.equal((await worker.ended).code, 3)
  const { stdout } = await project.run(['jobs', '--json'])
  t.match(JSON.parse(stdout), [{ id: 1, state: 'cancelled' }])
})

t.test('a closed terminal cancels the job, and a second hang-up has no effect', { skip }, async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows })
  const job = ['visits', '--input', `url=${site.url}/gate`, '--input', 'n=5']
  const [run, worker] = [project.start(['run', ...job]), project.start(['worker', ...job])]
  for (const command of [run, worker]) {
    await command.says('2/3 open: page 5')
    command.signal('SIGHUP')
    command.signal('SIGHUP')
    t.equal((await command.ended).code, 3)
  }
  const states = z.array(z.object({ state: z.string() }))
  t.strictSame(await project.ask(states, 'jobs'), [{ state: 'cancelled' }])
  t.same(project.profiles(), [])
})

t.test(
  'a signal between two schedulers cancels the job, and no later scheduler runs it',
  { skip },
  async t => {
    const site = await gatedSite('<h1>Shop</h1>')
    t.teardown(site.close)
    const project = new JourneyProject(t, newFolder(), { workflows: ['visits'], workers: 1 })
    const scheduler = await project.schedule()
    const begin = async (n: number, says: string) => {
      const run = project.start(['run', 'visits', '--input', `url=${site.url}/gate`, '--input', `n=${n}`])
      await run.says(says)
      return run
    }
    const running = await begin(1, '2/3 open: page 1')
    const queued = await begin(2, 'queued')
    const kept = await begin(3, 'queued')
    await scheduler.kill()
    await Promise.all([running, queued, kept].map(run => run.says(ENDED)))

    running.signal('SIGINT')
    t.match(await running.ended, { code: 3, stdout: 'Job 1 is being stopped.' })
    queued.signal('SIGTERM')
    t.match(await queued.ended, { code: 3, stdout: 'Job 2 cancelled.' })
    const store = await openProjectStore(project.paths, 'transient')
    const job = (id: number) => store.call('jobs.read', { id })
    t.match(await job(1), { state: 'running', cancelRequestedAt: Number })
    t.match(await job(2), { state: 'cancelled' })
    t.match(await job(3), { state: 'queued' })
    await store.close()

    t.comment('a job that cannot be cancelled is named with the remedy')
    writeFileSync(project.paths.database, 'no database')
    kept.signal('SIGHUP')
    t.match(await kept.ended, { code: 5, stderr: /Job 3 could not be cancelled.*"automate-tui cancel 3"/ })
  },
)

t.test('run removes no history that the scheduler of the project keeps', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const store = await openProjectStore(project.paths, 'transient')
  for (const state of ['succeeded', 'failed', 'cancelled'] as const) await jobIn(store, state)
  await store.close()
  const states = async () => {
    const jobs = await project.ask(z.array(z.object({ state: z.string() })), 'jobs')
    return jobs.map(({ state }) => state)
  }
  t.match(await project.run(['--no-tui', '--until-idle']), { code: 0 })
  // The shell of the command has its own settings.
  const env = { AUTOMATE_KEEP_JOBS: '1ms' }
  const run = ['run', 'fails', '--input', 'how=throws', '--input', 'url=http://127.0.0.1:1/']
  await project.run(run, { env })
  t.strictSame(await states(), ['failed', 'cancelled', 'failed', 'succeeded'])
  // Simulates jobs that no scheduler of the whole project has ever kept.
  rmSync(project.paths.retention)
  await project.run(run, { env })
  t.strictSame(await states(), ['failed'])
})
