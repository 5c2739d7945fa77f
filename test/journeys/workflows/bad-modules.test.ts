import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'

const GOOD = `
import { defineWorkflow, z } from 'automate-tui'
export default defineWorkflow({ name: 'good', input: z.object({}), result: z.literal('good') })
  .phase('work', { timeout: '60s' }, () => 'good' as const)
`
const BAD = {
  'a-loops.ts': 'while (true);',
  'b-throws.ts': 'throw new Error("at the top")',
  'c-exits.ts': 'process.exit(0)',
}

t.test('workflow modules that loop, throw or exit each cost only an error message', async t => {
  const project = new JourneyProject(t, newFolder(), {
    files: {
      'workflows/good.ts': GOOD,
      // Only this folder, so that the module that loops is read first and waited for once.
      'automate.config.ts': "export default { workflows: ['workflows'], loadTimeout: '8s' }",
    },
  })
  const job = await project.enqueue('good', {})
  for (const [name, text] of Object.entries(BAD)) writeFileSync(join(project.root, 'workflows', name), text)

  const scheduler = project.start(['--no-tui', '--json'])
  await scheduler.event('the start', line => line.event === 'service' && line['state'] === 'starting')
  const [status, list] = await Promise.all([project.run(['status']), project.run(['jobs'])])
  t.match(status.stdout, /Scheduler/)
  t.match(list.stdout, /good +(queued|running|succeeded)/)

  const broken = (name: string) =>
    scheduler.event(`the broken ${name}`, ({ event, file }) => {
      return event === 'workflow.broken' && file === join(project.root, 'workflows', name)
    })
  t.match(await broken('b-throws.ts'), { message: /at the top/ })
  t.match(await broken('c-exits.ts'), { message: /exit code 0/ })
  t.match(await broken('a-loops.ts'), { message: /no response within 8000 ms/ })
  const result = await scheduler.event('the result', ({ event }) => event === 'result')
  t.match(result, { job, result: 'good' })
  const events = scheduler.events().map(({ event }) => event)
  t.ok(
    events.indexOf('result') < events.lastIndexOf('workflow.broken'),
    'the good module waited for no other',
  )
  scheduler.signal('SIGTERM')
  t.equal((await scheduler.ended).code, process.platform === 'win32' ? null : 0)
})

t.test('a running scheduler follows added, changed and removed workflow files', async t => {
  const project = new JourneyProject(t, newFolder(), { files: {} })
  const file = join(project.root, 'workflows', 'late.ts')
  const late = (word: string) =>
    GOOD.replaceAll("'good'", `'${word}'`).replace("name: '" + word, "name: 'late")
  const scheduler = await project.schedule()
  const resultOf = async (job: number) =>
    (
      await scheduler.event(
        `the result of job ${job}`,
        line => line.event === 'result' && line['job'] === job,
      )
    )['result']

  writeFileSync(file, late('first'))
  t.equal(await resultOf(await project.enqueue('late', {})), 'first')
  writeFileSync(file, late('second'))
  t.equal(await resultOf(await project.enqueue('late', {})), 'second')

  writeFileSync(file, 'throw new Error("half done")')
  await scheduler.event('the broken module', ({ event }) => event === 'workflow.broken')
  const refused = await project.run(['enqueue', 'late'])
  t.equal(refused.code, 2)
  t.match(refused.stderr, /half done/)
})

t.test('a running scheduler follows a workflows folder whose link is changed', async t => {
  const reused = (word: string) =>
    GOOD.replaceAll("'good'", `'${word}'`).replace(`name: '${word}'`, "name: 'reused', isolation: 'page'")
  const project = new JourneyProject(t, newFolder(), { workflows: [] })
  const folder = join(project.root, 'workflows')
  const [first, second] = [join(project.root, 'r1'), join(project.root, 'r2')]
  const turn = (release: string) => {
    rmSync(folder, { recursive: true })
    symlinkSync(release, folder, 'junction')
  }
  for (const release of [first, second]) mkdirSync(release)
  writeFileSync(join(first, 'reused.ts'), reused('old'))
  writeFileSync(join(second, 'reused.ts'), reused('new'))
  writeFileSync(join(second, 'broken.ts'), 'throw new Error("from the new folder")')
  turn(first)
  const scheduler = await project.schedule()
  const resultOf = (job: number) =>
    scheduler.event(`the result of job ${job}`, line => line.event === 'result' && line['job'] === job)
  t.match(await resultOf(await project.enqueue('reused', {})), { result: 'old' })
  turn(second)
  await scheduler.event('the broken module', ({ event }) => event === 'workflow.broken')
  t.match(await resultOf(await project.enqueue('reused', {})), { result: 'new' })
})
