import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Job } from '../../../lib/model/job/job.ts'
import { filesWith } from '../../helpers/leak-scan.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const CODE = 'canary-sonata'

/**
 * Workflow that writes a variable to every place to which a workflow can write, after it opens an
 * address that may be gated.
 */
const WORKFLOW = `import { defineWorkflow, z } from 'automate-tui'

export default defineWorkflow({
  name: 'tell',
  input: z.object({ url: z.url(), tells: z.boolean().default(true) }),
  result: z.object({}),
  isolation: 'page',
}).phase('tell', { timeout: '5m' }, async ({ page, log, step, input }) => {
  step('door')
  await page.goto(input.url, { timeout: 0 })
  if (!input.tells) return {}
  log('log ' + process.env.SHOP_CODE)
  step('step ' + process.env.SHOP_CODE)
  console.log('stdout ' + process.env.SHOP_CODE)
  return {}
})
`

t.test('no worker writes a secret after the configuration has named it', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const settings = { workers: 2, warmWorkers: 0 }
  const project = new JourneyProject(t, newFolder(), {
    ...{ workflows: [], settings },
    files: { '.env': `SHOP_CODE=${CODE}\n`, 'workflows/tell.ts': WORKFLOW },
  })
  const scheduler = await project.schedule()
  const places = (folder: string, text: string) => filesWith(join(project.root, folder), text)
  const ended = (id: number) =>
    until(`the end of job ${id}`, async () => {
      const { state } = await project.ask(Job, 'jobs', String(id))
      return state === 'succeeded'
    })
  const busy = await project.enqueue('tell', { url: `${site.url}/gate` })
  await project.atStep(busy, 'door')
  await ended(await project.enqueue('tell', { url: site.url, tells: 'false' }))

  const config = { ...settings, secrets: ['SHOP_CODE'] }
  writeFileSync(join(project.root, 'automate.config.ts'), `export default ${JSON.stringify(config)}\n`)
  await until('the changed configuration to be in use', async () =>
    (await project.run(['logs'])).stdout.includes('is in use: secrets = '),
  )
  const next = await project.enqueue('tell', { url: site.url })
  await ended(next)
  await site.open('/gate')
  await ended(busy)
  for (const id of [busy, next])
    t.ok(
      places('logs', 'log ***').some(name => name.includes(`job_${id}_`)),
      `job ${id} has logged the secret redacted`,
    )
  t.notMatch(scheduler.stdout, CODE)
  t.strictSame(
    ['data', 'logs'].flatMap(folder => places(folder, CODE)),
    [],
  )
})
