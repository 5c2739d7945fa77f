import { readFileSync } from 'node:fs'
import t from 'tap'
import { rootCauseOf } from '../../../lib/model/failure/root-cause.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { WorkerRun, fixtureWorkflow } from '../../helpers/processes/worker-run.ts'

const WORKFLOW = 'outlasts-its-limit'

const lines = readFileSync(fixtureWorkflow(WORKFLOW), 'utf8').split('\n')

const CASES = [
  ['selector', 'waiting for page.waitForSelector("#never")'],
  ['locator', 'waiting for page.locator("button.never").click()'],
  ['frame', 'waiting for frame.waitForSelector("#never")'],
  ['typed', 'waiting for page.keyboard.type(…)'],
  ['both', 'waiting for page.waitForNavigation()'],
  ['itself', 'after step "think"'],
] as const

t.test('a phase that exceeds its timeout names the pending call, and the line of the author', async t => {
  for (const [how, says] of CASES) {
    const run = await WorkerRun.start({ root: newFolder(), workflow: WORKFLOW, input: { how } })
    await run.exited
    const [crash] = run.crashes()
    if (crash === undefined) throw new Error(`${how}: no crash report`)
    t.equal(crash.error.message, `Phase "wait" did not end within its limit of 4000 ms, ${says}.`, how)
    const place = `${WORKFLOW}.ts:${lines.findIndex(text => text.endsWith(`// ${how}`)) + 1}`
    t.ok(crash.error.stack.split('\n')[1]?.includes(place), `${how}: ${crash.error.stack}`)
    t.match(rootCauseOf(crash).frame, place)
  }
})
