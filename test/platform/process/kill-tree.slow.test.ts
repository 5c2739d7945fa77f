import t from 'tap'
import { killSameTree, killTree } from '../../../lib/platform/process/kill-tree.ts'
import { ProcessIdentity } from '../../../lib/model/worker/process-identity.ts'
import { identifyProcess } from '../../../lib/platform/process/process-identity.ts'
import { withDescendants } from '../../../lib/platform/process/process-table.ts'
import { killOrphans } from '../../../lib/platform/process/kill-orphans.ts'
import { alive, endAll, pidsOf, untilGone } from '../../helpers/processes/alive.ts'
import { startChild } from '../../helpers/processes/child.ts'

async function startTree() {
  const child = startChild('platform/tree.ts', ['2'])
  const pids = pidsOf(await child.line())
  t.teardown(() => endAll(pids))
  return { child, pids }
}

t.test('kills three generations, the youngest in its own group, and no other process', async t => {
  const bystander = await startTree()
  const { child, pids } = await startTree()
  t.equal(alive(pids).length, 3)
  await killTree(child.pid)
  await untilGone(pids)
  t.equal(alive(bystander.pids).length, 3)
  endAll(bystander.pids)
})

t.test(
  'kills a stopped process of the tree too',
  { skip: process.platform === 'win32' && 'no signals' },
  async t => {
    const { child, pids } = await startTree()
    process.kill(pids[1] ?? 0, 'SIGSTOP')
    await killTree(child.pid)
    await untilGone(pids)
    t.equal((await child.ended).signal, 'SIGKILL')
  },
)

t.test('killing a process that is already gone is no error', async t => {
  const { child, pids } = await startTree()
  await Promise.all([killTree(child.pid), killTree(child.pid)])
  await untilGone(pids)
  await t.resolves(killTree(child.pid))
})

t.test('refuses to kill an invalid pid, a special pid or itself', async t => {
  for (const pid of [0, 1, -1, -5, 1.5, NaN, process.pid]) {
    await t.rejects(killTree(pid), { code: 'bug' }, String(pid))
  }
})

t.test('kills a recorded process, but not a process with a recycled pid', async t => {
  const { pids } = await startTree()
  const identity = ProcessIdentity.parse(identifyProcess(pids[0] ?? 0))
  const recycled = { ...identity, started: 'another:1' }
  t.equal(await killSameTree(recycled), false)
  t.strictSame(await killOrphans([recycled]), [])
  t.equal(alive(pids).length, 3)

  const self = ProcessIdentity.parse(identifyProcess(process.pid))
  t.strictSame(await killOrphans([self, recycled, identity]), [identity])
  await untilGone(pids)
  t.strictSame(await killOrphans([identity]), [], 'the second sweep finds nothing')
})

t.test('finds descendants despite cycles and missing parents', async t => {
  const table = [
    { pid: 2, parent: 1, group: 2 },
    { pid: 3, parent: 2, group: 2 },
    { pid: 4, parent: 3, group: 4 },
    { pid: 9, parent: 9, group: 9 },
  ]
  t.strictSame([...withDescendants(table, new Set([3]))], [3, 4])
  t.strictSame([...withDescendants(table, new Set([9]))], [9])
  t.strictSame([...withDescendants(table, new Set([77]))], [])
})
