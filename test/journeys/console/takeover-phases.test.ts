import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { WorkerDocument } from '../../../lib/model/worker/documents.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { BUTTON, PERSON_PAGE } from '../../helpers/sites/person-page.ts'
import { newFolder, openTestStore } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const keys = newFolder()
process.env['XDG_DATA_HOME'] = keys
process.env['LOCALAPPDATA'] = keys

/**
 * Leaves two questions open, because the page shows that the work is done, and another one in a
 * failed try. Walks between them until a file exists.
 */
const LEAVES_QUESTIONS = `import { existsSync } from 'node:fs'
import { defineWorkflow, z } from 'automate-tui'

let tries = 0
export default defineWorkflow({
  name: 'leaves-questions',
  input: z.object({ url: z.url(), gate: z.string() }),
  result: z.string(),
})
  .phase('leave', { timeout: '60s' }, async ({ page, human, input }) => {
    await page.goto(input.url)
    await Promise.race([human('Left'), human('Queued'), page.waitForSelector('#done', { timeout: 0 })])
  })
  .phase('walk', { timeout: '60s' }, async ({ page, input }) => {
    while (!existsSync(input.gate)) await page.evaluate('new Promise(resolve => setTimeout(resolve, 20))')
  })
  .phase('fail', { timeout: '60s', retries: 1 }, async ({ human }) => {
    tries++
    if (tries === 1) await Promise.all([human('Failed'), Promise.reject(new Error('not yet'))])
    return human('Again')
  })
`

/** Looks for something that the page does not show, until a file exists. */
const LOOKS_IN_VAIN = `import { existsSync } from 'node:fs'
import { defineWorkflow, z } from 'automate-tui'

const pause = () => new Promise(resolve => setTimeout(resolve, 20))
export default defineWorkflow({
  name: 'looks-in-vain',
  input: z.object({ url: z.url(), gate: z.string() }),
  result: z.string(),
})
  .phase('look', { timeout: '60s' }, async ({ page, input, step }) => {
    await page.goto(input.url)
    step('looks')
    while (!existsSync(input.gate)) await Promise.race([page.waitForSelector('#banner', { timeout: 0 }), pause()])
  })
  .phase('read', { timeout: '60s' }, ({ page }) => page.title())
`

/** Leaves a question open if told to, or waits for the reply. The next job reuses its worker. */
const LEAVES_OR_ASKS = `import { defineWorkflow, z } from 'automate-tui'

export default defineWorkflow({
  name: 'leaves-or-asks',
  isolation: 'page',
  input: z.object({ leaves: z.enum(['yes', 'no']) }),
  result: z.string(),
}).phase('ask', { timeout: '60s' }, async ({ page, human, input }) => {
  if (input.leaves === 'no') return human('Answer')
  await Promise.race([human('Left', { timeout: '2s' }), page.title()])
  return 'left'
})
`

const site = await gatedSite(PERSON_PAGE)
t.teardown(site.close)
const project = new JourneyProject(t, newFolder(), {
  workflows: [],
  workers: 1,
  files: {
    'workflows/leaves-questions.ts': LEAVES_QUESTIONS,
    'workflows/looks-in-vain.ts': LOOKS_IN_VAIN,
    'workflows/leaves-or-asks.ts': LEAVES_OR_ASKS,
  },
})
await project.schedule()
const store = await openTestStore(t, project.paths, 'transient')

function workerOf(job: number): WorkerDocument | undefined {
  return project.workers().find(one => one.job?.jobId === job)
}

function waits(job: number, phase: string, what: string): Promise<WorkerDocument> {
  return until(`"${what}" of job ${job} in ${phase}`, () => {
    const worker = workerOf(job)
    return worker?.phase?.name === phase && worker.waiting?.what === what && worker
  })
}

async function takeover(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await project.run(['takeover', ...args])
  t.equal(code, 0, `${args.join(' ')} ${stderr}`)
}

const endOf = (job: number) =>
  until(`the end of job ${job}`, async () => {
    const { state, result } = (await store.call('jobs.read', { id: job })) ?? {}
    return /succeeded|failed/.test(String(state)) && { state, result }
  })

t.test('a question that its phase leaves open holds up neither a pause nor a later question', async t => {
  const gate = join(project.root, 'walk-gate')
  const job = await project.enqueue('leaves-questions', { url: site.url, gate })
  await waits(job, 'leave', 'Left')
  await takeover('click', String(job), String(BUTTON.x), String(BUTTON.y))
  const walking = await until('the next phase', () => {
    const worker = workerOf(job)
    return worker?.phase?.name === 'walk' && worker
  })
  t.equal(walking.waiting, undefined)
  await takeover('pause', String(job))
  t.match(await waits(job, 'walk', ''), { waiting: { for: 'operator' } })
  writeFileSync(gate, '')
  await takeover('resume', String(job))
  t.match(await waits(job, 'fail', 'Again'), { phase: { try: { index: 2 } } })
  await takeover('resume', String(job))
  t.same(await endOf(job), { state: 'succeeded', result: 'done' })
})

t.test('a pause whose phase ends goes on in the next phase, until the operator resumes', async t => {
  const gate = join(project.root, 'look-gate')
  const job = await project.enqueue('looks-in-vain', { url: site.url, gate })
  await project.atStep(job, 'looks')
  await takeover('pause', String(job))
  await waits(job, 'look', '')
  writeFileSync(gate, '')
  t.match(await waits(job, 'read', ''), { waiting: { for: 'operator' } })
  await takeover('resume', String(job))
  t.same(await endOf(job), { state: 'succeeded', result: 'For a person' })
})

t.test('a question that a job leaves open does not end the wait of the next job in its worker', async t => {
  const first = await project.enqueue('leaves-or-asks', { leaves: 'yes' })
  const next = await project.enqueue('leaves-or-asks', { leaves: 'no' })
  const { waiting } = await waits(next, 'ask', 'Answer')
  t.same(await endOf(first), { state: 'succeeded', result: 'left' })
  // A waiting worker rewrites its document repeatedly.
  const later = await until('a time at which the first question would have ended', () => {
    const worker = workerOf(next)
    return worker !== undefined && worker.updatedAt - Number(waiting?.since) > 3_000 && worker
  })
  t.match(later, { jobs: 2, waiting: { what: 'Answer' } })
  t.equal(later.waiting?.deadlineAt, waiting?.deadlineAt)
  await takeover('resume', String(next))
  t.same(await endOf(next), { state: 'succeeded', result: 'done' })
})
