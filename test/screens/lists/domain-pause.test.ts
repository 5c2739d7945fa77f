import t from 'tap'
import { pauseOf } from '../../../screens/lists/domain-pause.ts'
import { richSnapshot } from '../../fixtures/console/snapshot.ts'
import { queued } from '../../helpers/builders/attempt.ts'

const hold = (domain: string, until: number) => ({ domain, until, status: 429, streak: 1 })
const { scheduler } = richSnapshot()
if (scheduler === null) throw new Error('the snapshot has no scheduler')
const [workflow] = scheduler.workflows
if (workflow === undefined) throw new Error('the snapshot has no workflow')
const view = {
  workflows: [{ ...workflow, domains: { names: ['shop.example'], from: null } }],
  holds: [hold('shop.example', 10), hold('other.example', 20)],
}
const job = queued(1, { workflow: workflow.name })

t.test('the longest pause of the domains of a job or its workflow delays it', async t => {
  t.equal(pauseOf(job, view, 9)?.until, 10)
  t.equal(pauseOf({ ...job, domains: ['www.other.example'] }, view, 9)?.until, 20)
  t.equal(pauseOf({ ...job, workflow: 'unknown' }, view, 9), undefined)
  t.equal(pauseOf(job, view, 10), undefined, 'the pause is over')
  t.equal(pauseOf({ ...job, state: 'running' }, view, 9), undefined, 'a running job is not delayed')
  t.equal(pauseOf(job, null, 9), undefined)
})
