import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder, openTestStore } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

/**
 * Starts a timer that throws, and one that rejects, when a file exists, and ends. Or works until
 * another file exists. The next job reuses its worker.
 */
const THROWS_LATER = `import { existsSync } from 'node:fs'
import { defineWorkflow, z } from 'automate-tui'

export default defineWorkflow({
  name: 'throws-later',
  isolation: 'context',
  input: z.object({ throwsAt: z.string(), endsAt: z.string() }),
  result: z.string(),
}).phase('work', { timeout: '60s' }, async ({ page, input, step }) => {
  if (input.throwsAt !== '') {
    const timer = setInterval(() => {
      if (!existsSync(input.throwsAt)) return
      clearInterval(timer)
      void Promise.reject(new Error('rejected too late'))
      throw new Error('thrown too late')
    }, 20)
    return 'left a timer'
  }
  step('until the file exists')
  while (!existsSync(input.endsAt)) await page.evaluate('new Promise(resolve => setTimeout(resolve, 20))')
  return 'done'
})
`

t.test('an error that the code of an ended job throws fails no later job of its worker', async t => {
  const project = new JourneyProject(t, newFolder(), {
    workflows: [],
    workers: 1,
    files: { 'workflows/throws-later.ts': THROWS_LATER },
  })
  await project.schedule()
  const store = await openTestStore(t, project.paths, 'transient')
  const [throwsAt, endsAt] = [join(project.root, 'throws'), join(project.root, 'ends')]
  const endOf = (job: number) =>
    until(`the end of job ${job}`, async () => {
      const { state, result } = (await store.call('jobs.read', { id: job })) ?? {}
      return /succeeded|failed/.test(String(state)) && { state, result }
    })
  const logs = project.paths.logs('workers', new Date())
  const logOf = (job: number) => readFileSync(join(logs, `job_${job}_attempt_1_member_1.log`), 'utf8')

  const first = await project.enqueue('throws-later', { throwsAt, endsAt: '' })
  t.same(await endOf(first), { state: 'succeeded', result: 'left a timer' })
  const next = await project.enqueue('throws-later', { throwsAt: '', endsAt })
  const { workerId, jobs } = await project.atStep(next, 'until the file exists')
  t.equal(jobs, 2, 'the worker is reused')
  writeFileSync(throwsAt, '')
  await until('the error in a log', () => /thrown too late/.test(logOf(first) + logOf(next)))
  const last = await project.enqueue('throws-later', { throwsAt: '', endsAt })
  writeFileSync(endsAt, '')
  t.same(await endOf(next), { state: 'succeeded', result: 'done' })
  t.same(await endOf(last), { state: 'succeeded', result: 'done' })

  const [own, foreign] = [logOf(first), logOf(next)]
  t.match(own, /thrown after the job by phase work: thrown too late/)
  t.match(own, /an unhandled rejection, from phase work: rejected too late/)
  t.notMatch(foreign, 'too late', 'it is in the log of its own job')
  t.match(foreign, /an earlier job/)
  t.notMatch(logOf(last), workerId, 'this process is not reused')
})
