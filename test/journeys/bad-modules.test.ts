import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { JourneyProject } from '../helpers/journey-project.ts'
import { newFolder } from '../helpers/project.ts'

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

t.test('workflow modules that loop, throw or exit cost an error message each, and nothing else', async t => {
  const project = new JourneyProject(t, newFolder(), {
    files: {
      'workflows/good.ts': GOOD,
      // Their folder alone: the module that loops is the first that is read, and waited for once.
      'automate.config.ts': "export default { workflows: ['workflows'], loadTimeout: '8s' }",
    },
  })
  const job = await project.enqueue('good', {})
  for (const [name, text] of Object.entries(BAD)) writeFileSync(join(project.root, 'workflows', name), text)

  const scheduler = project.start(['--no-tui', '--until-idle', '--json'])
  await scheduler.event('the start', line => line.event === 'service' && line['state'] === 'starting')
  const [status, list] = await Promise.all([project.run(['status']), project.run(['jobs'])])
  t.match(status.stdout, /Scheduler starting/)
  t.match(list.stdout, /good +queued/)

  const { code } = await scheduler.ended
  t.equal(code, 0)
  const lines = scheduler.events()
  t.match(
    lines.find(({ event }) => event === 'result'),
    { job, result: 'good' },
  )
  const broken = lines.filter(({ event }) => event === 'workflow.broken')
  t.match(broken, [
    { file: join(project.root, 'workflows', 'a-loops.ts'), message: /no answer within 8000 ms/ },
    { file: join(project.root, 'workflows', 'b-throws.ts'), message: /at the top/ },
    { file: join(project.root, 'workflows', 'c-exits.ts'), message: /exit code 0/ },
  ])
})
