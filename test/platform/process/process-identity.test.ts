import t from 'tap'
import { ProcessIdentity } from '../../../lib/model/worker/process-identity.ts'
import {
  identifyProcess,
  isStopped,
  sameProcessAlive,
  statFields,
} from '../../../lib/platform/process/process-identity.ts'
import { startChild } from '../../helpers/processes/child.ts'
import { until } from '../../helpers/until.ts'

t.test('a process is itself as long as it lives, and not afterwards', async t => {
  const child = startChild('platform/tree.ts')
  await child.line()
  const identity = ProcessIdentity.parse(identifyProcess(child.pid))
  t.strictSame(identifyProcess(child.pid), identity, 'asked twice, the same')
  t.ok(sameProcessAlive(identity))
  t.not(identity.started, identifyProcess(process.pid)?.started)
  child.process.kill('SIGKILL')
  await child.ended
  t.notOk(sameProcessAlive(identity))
  t.equal(identifyProcess(child.pid), undefined)
})

t.test(
  'a stopped process is told from one that is only waiting',
  { skip: process.platform === 'win32' ? 'no process can be stopped here' : false },
  async t => {
    const child = startChild('platform/tree.ts')
    await child.line()
    t.notOk(isStopped(child.pid))
    child.process.kill('SIGSTOP')
    await until('it is stopped', () => isStopped(child.pid))
    child.process.kill('SIGCONT')
    await until('it runs again', () => !isStopped(child.pid))
    child.process.kill('SIGKILL')
    await child.ended
    t.notOk(isStopped(child.pid))
  },
)

t.test('a pid with another start is another process', async t => {
  const self = ProcessIdentity.parse(identifyProcess(process.pid))
  t.ok(sameProcessAlive(self))
  t.notOk(sameProcessAlive({ ...self, started: `${self.started}0` }))
})

t.test('what is no pid has no identity', async t => {
  for (const pid of [0, -1, 1.5, NaN, 2 ** 40]) t.equal(identifyProcess(pid), undefined, String(pid))
})

t.test('a name with spaces and brackets does not shift the fields', async t => {
  t.strictSame(statFields('7 (a) S (b c)) R 1 7 7').slice(0, 3), ['R', '1', '7'])
})
