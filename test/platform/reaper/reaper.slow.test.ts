import { PassThrough } from 'node:stream'
import t from 'tap'
import { reap } from '../../../lib/platform/reaper/reap.ts'
import { ProcessIdentity } from '../../../lib/model/worker/process-identity.ts'
import { identifyProcess } from '../../../lib/platform/process/process-identity.ts'
import { formatCommand, parseCommand } from '../../../lib/platform/reaper/protocol.ts'
import { alive, endAll, pidsOf, untilGone } from '../../helpers/processes/alive.ts'
import { startChild } from '../../helpers/processes/child.ts'
import { until } from '../../helpers/until.ts'

const skip = process.platform === 'win32' && 'a Job Object does this on Windows'

async function startConsole() {
  const child = startChild('platform/console-with-reaper.ts')
  const reaper = Number(await child.line())
  const watched = pidsOf(await child.line())
  const other = pidsOf(await child.line())
  t.teardown(() => endAll([child.pid, reaper, ...watched, ...other]))
  return { child, reaper, watched, other }
}

t.test(
  'a console killed with SIGKILL leaves no watched process, even if stopped or in its own group',
  { skip },
  async t => {
    const { child, reaper, watched, other } = await startConsole()
    for (const pid of watched) process.kill(pid, 'SIGSTOP')
    t.equal(alive([reaper, ...watched]).length, 3)
    child.process.kill('SIGKILL')
    await untilGone(watched)
    await untilGone([reaper])
    t.strictSame(alive(other), other, 'a forgotten process lives on')
    endAll(other)
  },
)

t.test('the reaper ignores the signals of a closed terminal', { skip }, async t => {
  const { child, reaper, watched, other } = await startConsole()
  for (const name of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.kill(reaper, name)
  child.process.kill('SIGKILL')
  await untilGone([...watched, reaper])
  t.strictSame(alive([...watched, reaper]), [])
  endAll(other)
})

t.test('no watched process outlives a console that exits or closes its reaper', { skip }, async t => {
  for (const order of ['leave', 'close']) {
    const { child, reaper, watched, other } = await startConsole()
    child.process.stdin?.write(`${order}\n`)
    await untilGone([...watched, reaper])
    t.strictSame(alive([...watched, reaper]), [], order)
    endAll([child.pid, ...other])
  }
})

t.test('restarts a killed reaper, which still knows its watched processes', { skip }, async t => {
  const { child, reaper, watched, other } = await startConsole()
  process.kill(reaper, 'SIGKILL')
  const next = await until('another reaper', async () => {
    child.process.stdin?.write('pid\n')
    const pid = Number(await child.line())
    return pid !== reaper && pid
  })
  child.process.kill('SIGKILL')
  await untilGone([...watched, next])
  t.strictSame(alive([...watched, next]), [])
  endAll(other)
})

t.test('spares a recycled pid, and ignores incomplete commands', { skip }, async t => {
  const bystander = startChild('platform/tree.ts')
  t.teardown(() => endAll([bystander.pid]))
  await bystander.line()
  const identity = ProcessIdentity.parse(identifyProcess(bystander.pid))
  const orders = new PassThrough()
  orders.write(formatCommand({ type: 'add', identity: { ...identity, started: 'another:1' } }))
  orders.end('add 12')
  await reap(orders)
  t.strictSame(alive([bystander.pid]), [bystander.pid])
  endAll([bystander.pid])
})

t.test('commands survive formatting and parsing', async t => {
  const identity = { pid: 12, started: 'boot:34' }
  for (const order of [{ type: 'add', identity } as const, { type: 'remove', pid: 12 } as const]) {
    t.strictSame(parseCommand(formatCommand(order).trimEnd()), order)
  }
  for (const line of ['', 'add', 'add x y', 'add 12', 'add -1 x', 'remove', 'remove x', 'kill 12']) {
    t.equal(parseCommand(line), undefined, line)
  }
})
