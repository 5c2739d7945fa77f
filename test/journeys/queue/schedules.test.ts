import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import type { JsonLine } from '../../helpers/program/automate.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const workflows = ['counts', 'visits']

const Listed = z.array(
  z.looseObject({
    name: z.string(),
    source: z.string(),
    paused: z.boolean(),
    nextAt: z.int().nullable(),
    last: z.looseObject({ jobState: z.string().nullable() }).nullable(),
  }),
)

const of =
  (schedule: string, outcome: string) =>
  (line: JsonLine): boolean =>
    line.event === 'schedule' && line['schedule'] === schedule && line['outcome'] === outcome

t.test('schedules queue jobs across a killed scheduler, and commands make, pause and run them', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows, workers: 2 })
  const declared = {
    name: 'gated',
    workflow: 'visits',
    every: '2s',
    input: { url: `${site.url}/gate-1`, n: 1 },
  }
  const config = {
    workers: 2,
    warmWorkers: 0,
    workflows: [join(import.meta.dirname, '../../fixtures/journeys')],
  }
  writeFileSync(
    join(project.root, 'automate.config.ts'),
    `export default ${JSON.stringify({ ...config, schedules: [declared] })}\n`,
  )
  const first = await project.schedule()
  const { job, due } = await first.event('its first run', of('gated', 'fired'))
  t.match(await first.event('a run that is left out', of('gated', 'skipped')), {
    reason: /running|waiting/,
    job,
  })
  t.match(await project.ask(Listed, 'schedules'), [{ name: 'gated', source: 'config', paused: false }])
  await until('the next run in the list of services', async () =>
    /cron +running +running .*next: \d{4}-.*\(gated\)/.test((await project.run(['services'])).stdout),
  )

  first.signal('SIGKILL')
  await first.ended
  const second = await project.schedule()
  // The job was running when its scheduler died. The same job continues, and no due time is
  // repeated.
  await second.event('another due time', of('gated', 'skipped'))
  const dues = [...first.events(), ...second.events()]
    .filter(line => line.event === 'schedule')
    .map(line => line['due'])
  t.equal(new Set(dues).size, dues.length)
  t.ok(dues.includes(due))
  t.same(await project.ask(z.unknown(), 'schedules', 'pause', 'gated'), {
    name: 'gated',
    paused: true,
    cancelled: [],
  })
  await project.ask(z.unknown(), 'cancel', z.coerce.string().parse(job))
  await second.event('the end of the job', line => line['job'] === job && line['state'] === 'cancelled')

  const add = ['schedules', 'add', 'nightly', 'visits', '--cron', '30 2 * * *', '--time-zone', 'Europe/Rome']
  const wrong = await project.run([...add, '--input', `url=${site.url}`, '--input', 'n=x'])
  t.equal(wrong.code, 2)
  t.match(wrong.stderr, /is not valid for workflow "visits": .*n/)
  const made = await project.run([...add, '--input', `url=${site.url}`, '--input', 'n=7'])
  t.match(made.stdout, /Schedule nightly was added\. Next run: \d{4}-\d\d-\d\d/)
  const next = await project.run(['schedules', 'next', 'nightly', '--count', '2'])
  t.equal(next.stdout.match(/nightly +\d{4}-.*02:30:00 Europe\/Rome/g)?.length, 2)
  await project.ask(z.unknown(), 'schedules', 'run', 'nightly')
  const ran = await second.event('the run that was asked for', of('nightly', 'fired'))
  t.equal(ran['due'], null)
  await second.event('its result', line => line.event === 'result' && line['job'] === ran['job'])
  t.match(
    (await project.run(['schedules', '--language', 'it'])).stdout,
    /nightly .* lavoro \d+ riuscito +operatore/,
  )
  t.match(
    (await project.run(['schedules', 'remove', 'gated'])).stderr,
    /is defined in the project's configuration/,
  )

  second.signal('SIGTERM')
  await second.ended
  const idle = await project.run(['--no-tui', '--until-idle'])
  t.equal(idle.code, 0, 'later runs of a schedule do not delay the exit')
  t.match(
    idle.stdout,
    /nothing is queued, running or due\. "automate-tui enqueue <workflow>" queues a job.*\n$/,
  )
  t.match((await project.run(['schedules', 'remove', 'nightly'])).stdout, /was removed/)
})

t.test('commands list the schedules of the configuration before a scheduler has run', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const write = (schedules: readonly object[]) => {
    const config = {
      warmWorkers: 0,
      workflows: [join(import.meta.dirname, '../../fixtures/journeys')],
      schedules,
    }
    writeFileSync(join(project.root, 'automate.config.ts'), `export default ${JSON.stringify(config)}\n`)
  }
  const visits = { workflow: 'visits', cron: '30 2 * * *', input: { url: 'http://127.0.0.1/', n: 1 } }
  write([{ name: 'nightly', ...visits }])
  t.match(await project.ask(Listed, 'schedules'), [{ name: 'nightly', source: 'config', last: null }])
  t.match((await project.run(['schedules', 'next', 'nightly', '--count', '1'])).stdout, /nightly +\d{4}-/)

  t.notOk(existsSync(project.paths.database), 'reading creates no database')

  t.match((await project.run(['schedules', 'pause', 'nightly'])).stdout, 'Schedule nightly is paused.')
  t.match(await project.ask(Listed, 'schedules'), [{ paused: true, nextAt: null }])
  t.match((await project.run(['schedules', 'resume', 'nightly'])).stdout, /was resumed\. Next run: \d{4}-/)
  const add = (...more: readonly string[]) =>
    project.run([
      ...['schedules', 'add', 'hourly', 'visits', '--input', 'url=http://127.0.0.1/', '--every', ...more],
    ])
  t.match(await add('1h'), { code: 0, stdout: /^Schedule hourly was added\. Next run: \d{4}-/ })
  t.match(await add('2h', '--replace'), {
    code: 0,
    stdout: /^Schedule hourly was changed\. Next run: \d{4}-/,
  })
  t.match(await project.run(['schedules', 'pause', 'hourly']), { code: 0 })
  t.match(await add('1h', '--replace'), {
    code: 0,
    stdout: /^Schedule hourly was changed\. It is still paused\. .*schedules resume hourly\n$/,
  })
  t.match(await project.run(['schedules', 'remove', 'hourly']), { code: 0 })
  const ran = await project.run(['schedules', 'run', 'nightly'])
  t.match(ran.stdout, /\b1\b/)
  t.match((await project.run(['jobs', '1'])).stdout, /visits/)

  write([{ name: 'weekly', ...visits, cron: '30 2 * * 1' }])
  t.match(await project.ask(Listed, 'schedules'), [{ name: 'weekly' }], 'the current configuration is used')
})
