import t from 'tap'
import { joinKillOnCloseJob, killOnCloseLimits } from '../../../lib/platform/windows/job-object.ts'
import { alive, endAll, pidsOf, untilGone } from '../../helpers/processes/alive.ts'
import { startChild } from '../../helpers/processes/child.ts'

t.test('the limits are 144 bytes with kill-on-close only', async t => {
  const limits = killOnCloseLimits()
  t.equal(limits.length, 144)
  t.equal(limits.readUInt32LE(16), 0x2000)
  limits.writeUInt32LE(0, 16)
  t.ok(limits.every(byte => byte === 0))
})

t.test(
  'joining a job does nothing on a system without jobs',
  { skip: process.platform === 'win32' && 'Windows has them' },
  async t => {
    t.equal(joinKillOnCloseJob(), 'unsupported')
  },
)

const skip = process.platform !== 'win32' && 'only Windows has jobs'

/**
 * Starts a console in a Windows job, with two workers in jobs of their own. `members` are the
 * processes of each worker.
 */
async function startConsole() {
  const child = startChild('platform/in-jobs.ts', ['console'])
  const members = [pidsOf(await child.line()), pidsOf(await child.line())]
  t.teardown(() => endAll([child.pid, ...members.flat()]))
  return { child, members }
}

t.test('a console that ends in any way leaves no worker and no browser', { skip }, async t => {
  for (const end of ['killed', 'leave', 'throw']) {
    const { child, members } = await startConsole()
    t.equal(alive(members.flat()).length, 6)
    if (end === 'killed') child.process.kill('SIGKILL')
    else child.process.stdin?.write(`${end}\n`)
    await child.ended
    await untilGone(members.flat())
    t.strictSame(alive(members.flat()), [], end)
  }
})

t.test('a killed worker takes only its browser along', { skip }, async t => {
  const { child, members } = await startConsole()
  const [dead = [], other = []] = members
  process.kill(dead[0] ?? 0, 'SIGKILL')
  await untilGone(dead)
  t.strictSame(alive([child.pid, ...other]), [child.pid, ...other])
  endAll([child.pid])
  await untilGone(other)
})
