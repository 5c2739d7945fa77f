import t from 'tap'
import { z } from 'zod'
import { Job, JobSummary } from '../../../lib/model/job/job.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const Waiting = Job.extend({ waits: z.array(z.looseObject({ for: z.string() })) })

/** Returns a workflow that opens the address in the default of its field. */
const visitor = (
  name: string,
  url: string,
  continuous = false,
) => `import { defineWorkflow, z } from 'automate-tui'

export default defineWorkflow({
  name: '${name}',
  input: z.object({ url: z.url().default('${url}') }),
  result: z.object({}),
  continuous: ${continuous},
  domains: { from: 'url' },
}).phase('visit', { timeout: '5m' }, async ({ page, input }) => {
  await page.goto(input.url, { timeout: 0 })
  return {}
})
`

t.test("a job without an input counts on the domain of a field's default", async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const url = `${site.url}/gate`
  const every = { workflow: 'shop', every: '1s' }
  const project = new JourneyProject(t, newFolder(), {
    workflows: [],
    settings: {
      domainWorkers: ['127.0.0.1=1'],
      schedules: [
        { name: 'a', ...every },
        { name: 'b', ...every },
      ],
      services: { 'workflow-watch': 'running' },
    },
    files: {
      'workflows/shop.ts': visitor('shop', url),
      'workflows/watch.ts': visitor('watch', url, true),
    },
  })
  await project.schedule()
  await until('a worker at the shop', () => site.waits('/gate'))
  const jobs = await until('the jobs of all three', async () => {
    const all = await project.ask(z.array(JobSummary), 'jobs')
    return all.length === 3 && all
  })
  t.strictSame(jobs.map(({ origin }) => origin).sort(), [
    'schedule:a',
    'schedule:b',
    'service:workflow-watch',
  ])
  const whole = await Promise.all(jobs.map(({ id }) => project.ask(Waiting, 'jobs', String(id))))
  for (const { domains, origin } of whole) t.strictSame(domains, ['127.0.0.1'], origin)
  t.equal(project.workers().length, 1, 'the jobs visit the domain one after the other')
  const waiting = whole.filter(({ state }) => state !== 'running').map(({ waits }) => waits)
  const reason = { for: 'domain', domain: '127.0.0.1', workers: 1, most: 1 }
  t.same(waiting, [[reason], [reason]])
})
