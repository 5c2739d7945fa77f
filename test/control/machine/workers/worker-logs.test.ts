import t from 'tap'
import type { Log } from '../../../../lib/core/log.ts'
import { ProjectPaths } from '../../../../lib/core/process/paths.ts'
import { systemClock } from '../../../../lib/core/time/clock.ts'
import { WorkerLogs } from '../../../../lib/control/machine/workers/worker-logs.ts'
import { smallDisk } from '../../../helpers/processes/small-disk.ts'

t.test('reports lost lines of many workers once, and the recovery once', async t => {
  const disk = smallDisk(t)
  if (typeof disk === 'string') {
    t.pass('a small disk', { skip: disk })
    return
  }
  const lines: unknown[] = []
  const write = (message: string, context: unknown) => void lines.push({ message, context })
  const log: Log = { debug: write, info: write, warn: write, error: write }
  const logs = new WorkerLogs({ paths: new ProjectPaths(disk.folder), clock: systemClock, log })
  await logs.check()
  disk.fill()
  for (const workerId of ['w1', 'w2']) logs.fail('ENOSPC: no space left on device, write', { workerId })
  await logs.check()
  const lost = /^Log lines of workers are lost, because they cannot be written .*: ENOSPC/
  t.match(lines, [{ message: lost, context: { workerId: 'w1' } }])
  t.equal(lines.length, 1)
  t.match(logs.trouble, lost)
  disk.free()
  await logs.check()
  await logs.check()
  t.match(lines[1], { message: 'The logs of workers are written again.' })
  t.equal(lines.length, 2)
  t.equal(logs.trouble, undefined)
})
