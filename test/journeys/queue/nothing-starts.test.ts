import t from 'tap'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'

const workflows = ['succeeds-late']

t.test('queuing a job while no scheduler runs explains how to start one', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
  const hint =
    /^No scheduler is running: .* Start it with: automate-tui \(without screens: automate-tui --no-tui\)\n$/
  const job = ['succeeds-late', '--input', 'at=1']
  t.match(await project.run(['status']), {
    stdout: /^No scheduler has run here yet\.\nStart it with: automate-tui/,
  })
  t.match(await project.run(['enqueue', ...job]), { code: 0, stdout: 'Job 1 is queued.\n', stderr: hint })
  t.match(await project.run(['cancel', '1']), { code: 0, stderr: /^$/ })
  t.match(await project.run(['retry', '1']), { stdout: 'Job 1 is queued again.\n', stderr: hint })
  t.match(await project.run(['schedules', 'next']), { stdout: /^There are no schedules\./ })
  t.match(await project.run(['schedules', 'add', 'hourly', ...job, '--every', '1h']), { stderr: hint })
  t.match(await project.run(['schedules', 'run', 'hourly']), { stdout: 'Job 2 is queued.\n', stderr: hint })
  const next = await project.run(['schedules', 'next', '--count', '1'])
  t.match(
    next.stdout,
    /^schedule {2}at\nhourly {4}\d{4}-\d\d-\d\d [\d:]{8}\n$/,
    'there is no column for time zones',
  )
  await project.run(['schedules', 'pause', 'hourly'])
  t.match(await project.run(['schedules', 'next']), { stdout: /^No run is planned/ })

  await project.run(['--no-tui', '--until-idle'])
  const { stdout } = await project.run(['status'])
  t.match(stdout, /^Scheduler stopped, 0 of 1 worker, .*\nStart it with: automate-tui \(without/)
  t.notMatch(stdout, 'Worker ')
  const inItalian = await project.run(['enqueue', ...job, '--language', 'it'])
  t.match(inItalian.stderr, 'Avvialo con: automate-tui (senza schermate: automate-tui --no-tui)')
})

t.test('a service can be stopped before the first scheduler has run', async t => {
  const watch = `import { defineWorkflow, z } from 'automate-tui'
export default defineWorkflow({ name: 'watch', continuous: true, input: z.object({}), result: z.number() })
  .phase('look', { timeout: '9s' }, () => 1)
`
  const project = new JourneyProject(t, newFolder(), {
    workflows,
    workers: 1,
    settings: { services: { 'workflow-watch': 'running' } },
    files: { 'workflows/watch.ts': watch },
  })
  for (const name of ['cron', 'workflow-watch'])
    t.match(await project.run(['services', 'stop', name]), { code: 0, stdout: `Service ${name}: stop` })
  for (const name of ['heartbeat', 'nonsense', 'workflow-succeeds-late'])
    t.match(await project.run(['services', 'stop', name]), { code: 2, stderr: `no service "${name}"` }, name)
  t.match(await project.run(['services', 'stop', 'workflow-none']), { code: 2, stderr: 'no workflow "none"' })
  t.match(await project.run(['--no-tui', '--until-idle']), { code: 0 })
  t.match((await project.run(['jobs'])).stdout, 'No jobs.')
  t.match((await project.run(['services'])).stdout, /cron +stopped .*workflow-watch +stopped /s)
})

t.test('logs without a line print a notice, and are empty as JSON', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
  t.match(await project.run(['logs']), { code: 0, stdout: /^$/, stderr: 'No log lines today yet.\n' })
  t.match(await project.run(['logs', '--json']), { code: 0, stdout: /^$/, stderr: /^$/ })
  const following = project.start(['logs', '-f', '--language', 'it'])
  await following.says('Nessuna riga nei registri di oggi')
})
