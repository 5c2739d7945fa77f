import t from 'tap'
import { clockMs, processTreeUsage } from '../../../lib/platform/process/process-tree-usage.ts'

t.test('parses each format of the times of ps', t => {
  t.equal(clockMs('0:01.50'), 1_500)
  t.equal(clockMs('03:04'), 184_000)
  t.equal(clockMs('02:03:04'), 7_384_000)
  t.equal(clockMs('1-02:03:04'), 93_784_000)
  t.end()
})

t.test('measures memory and processor time of a process tree', async t => {
  const before = await processTreeUsage(process.pid)
  if (process.platform !== 'win32') t.ok((before?.bytes ?? 0) > 1_000_000)
  const { user, system } = process.cpuUsage()
  for (const began = process.cpuUsage().user; process.cpuUsage().user - began < 200_000;);
  const after = await processTreeUsage(process.pid)
  if (process.platform !== 'win32') t.ok((after?.cpuMs ?? 0) > (user + system) / 1_000)
  if (process.platform !== 'win32') t.equal(await processTreeUsage(2 ** 30), undefined)
})
