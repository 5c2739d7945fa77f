import t from 'tap'
import { alive, endAll, untilGone } from '../../helpers/processes/alive.ts'
import { startChild } from '../../helpers/processes/child.ts'

const skip = process.platform !== 'linux' && 'prctl is Linux only'

t.test('a parent killed with SIGKILL leaves no child', { skip }, async t => {
  const parent = startChild('platform/forks-in.ts', ['main'])
  const [armed, pid] = (await parent.line()).split(' ')
  const child = [Number(pid)]
  t.teardown(() => endAll([parent.pid, ...child]))
  t.equal(armed, 'armed')
  t.strictSame(alive(child), child)
  parent.process.kill('SIGKILL')
  await untilGone(child)
})

t.test(
  'a child forked on a worker thread dies with that thread, as the docblock warns',
  { skip },
  async t => {
    const parent = startChild('platform/forks-in.ts', ['thread'])
    const [armed, pid] = (await parent.line()).split(' ')
    const child = [Number(pid)]
    t.teardown(() => endAll([parent.pid, ...child]))
    t.equal(armed, 'armed')
    parent.process.stdin?.write('end the thread\n')
    t.equal(await parent.line(), 'thread-ended')
    await untilGone(child)
    t.strictSame(alive([parent.pid]), [parent.pid])
    endAll([parent.pid])
  },
)

t.test('reports a parent that was already gone to the caller', async t => {
  const child = startChild('platform/asks-to-die-with-parent.ts', [String(process.pid + 1)])
  t.teardown(() => endAll([child.pid]))
  t.match(await child.line(), /^parent-gone /)
  endAll([child.pid])
})
