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

t.test('an identity matches its process until the process ends', async t => {
  const child = startChild('platform/tree.ts')
  await child.line()
  const identity = ProcessIdentity.parse(identifyProcess(child.pid))
  t.strictSame(identifyProcess(child.pid), identity, 'the same identity at the second call')
  t.ok(sameProcessAlive(identity))
  t.not(identity.started, identifyProcess(process.pid)?.started)
  child.process.kill('SIGKILL')
  await child.ended
  t.notOk(sameProcessAlive(identity))
  t.equal(identifyProcess(child.pid), undefined)
})

t.test(
  'distinguishes a stopped process from a waiting one',
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

t.test('a pid with another start time is another process', async t => {
  const self = ProcessIdentity.parse(identifyProcess(process.pid))
  t.ok(sameProcessAlive(self))
  t.notOk(sameProcessAlive({ ...self, started: `${self.started}0` }))
})

t.test('an invalid pid has no identity', async t => {
  for (const pid of [0, -1, 1.5, NaN, 2 ** 40]) t.equal(identifyProcess(pid), undefined, String(pid))
})

t.test('a process name with spaces and parentheses does not shift the fields', async t => {
  t.strictSame(statFields('7 (a) S (b c)) R 1 7 7').slice(0, 3), ['R', '1', '7'])
})
