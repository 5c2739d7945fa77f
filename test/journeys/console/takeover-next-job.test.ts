import { constants } from 'node:os'
import t from 'tap'
import { seal } from '../../../lib/core/seal.ts'
import { userKey } from '../../../lib/files/user-key.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { BUTTON, FIELD, PERSON_PAGE } from '../../helpers/sites/person-page.ts'
import { PROGRAM } from '../../helpers/program/built-program.ts'
import { newFolder, openTestStore } from '../../helpers/store/project.ts'
import { TerminalDriver } from '../../helpers/terminal/terminal.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const keys = newFolder()
process.env['XDG_DATA_HOME'] = keys
process.env['LOCALAPPDATA'] = keys

/**
 * Workflow that calls a person until the page shows that the person is done. The next job reuses
 * its worker.
 */
const SIGNS_IN = `import { defineWorkflow, z } from 'automate-tui'

export default defineWorkflow({
  name: 'signs-in-by-hand',
  isolation: 'browser',
  input: z.object({ url: z.url() }),
  result: z.string(),
})
  .phase('open', { timeout: '60s' }, ({ page, input }) => page.goto(input.url).then(() => undefined))
  .phase('sign_in', { timeout: '60s' }, ({ human }) => human('Sign in', { until: '#done' }).then(() => undefined))
  .phase('read', { timeout: '60s' }, async ({ page }) => String(await page.evaluate('field.value')))
`

t.test('input for one job does not reach the page of the next job', async t => {
  const [first, second] = [await gatedSite(PERSON_PAGE), await gatedSite(PERSON_PAGE)]
  t.teardown(first.close)
  t.teardown(second.close)
  const project = new JourneyProject(t, newFolder(), {
    workflows: [],
    workers: 1,
    files: { 'workflows/signs-in-by-hand.ts': SIGNS_IN },
  })
  const [job, next] = [
    await project.enqueue('signs-in-by-hand', { url: first.url }),
    await project.enqueue('signs-in-by-hand', { url: second.url }),
  ]
  await project.schedule()
  const waits = (id: number) =>
    until(`job ${id} to wait for a person`, () =>
      project.workers().find(one => one.job?.jobId === id && one.waiting !== undefined),
    )
  const { workerId, waiting } = await waits(job)
  const begin = (name: string) => {
    const args = [PROGRAM, 'takeover', 'type', name, '--root', project.root]
    const terminal = new TerminalDriver(process.execPath, args, { cols: 200, rows: 10 })
    t.teardown(() => terminal.close())
    return terminal
  }
  const cancelled = begin(workerId)
  const typing = [begin(String(job)), begin(workerId)]
  for (const one of [cancelled, ...typing]) await one.waitFor(`Type for worker ${workerId}, then`)
  cancelled.type('password')
  cancelled.press('C-c')
  const end = await cancelled.exited
  if (process.platform !== 'win32') t.match(end, { signal: constants.signals.SIGINT })
  const does = async (...args: readonly string[]) => {
    const { code, stderr } = await project.run(['takeover', ...args])
    t.equal(code, 0, stderr)
  }
  await does('click', String(job), String(BUTTON.x), String(BUTTON.y))
  t.equal((await waits(next)).workerId, workerId, 'the worker continues with the next job')

  for (const terminal of typing) {
    terminal.type('password')
    for (const key of ['enter', 'C-d']) terminal.press(key)
    t.equal((await terminal.exited).exitCode, 2)
    t.notMatch(terminal.output(), 'password', 'the input is not shown')
    t.match(terminal.screen().join(''), /no longer waits .*, so your input was not sent/)
  }

  t.comment('an order arrives as the wait ends')
  const store = await openTestStore(t, project.paths, 'transient')
  await does('click', String(next), String(FIELD.x), String(FIELD.y))
  const order = { type: 'text', sealed: seal('password', userKey(), workerId) } as const
  await store.call('worker-commands.give', { workerId, order: { ...order, waitingId: Number(waiting?.id) } })
  await does('click', String(next), String(BUTTON.x), String(BUTTON.y))
  const result = await until('the result', async () => (await store.call('jobs.read', { id: next }))?.result)
  t.equal(result, '')
})
