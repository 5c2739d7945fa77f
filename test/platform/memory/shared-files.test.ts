import { fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { SharedFiles } from '../../../lib/platform/memory/shared-files.ts'
import { treeBytes, processTreeUsage } from '../../../lib/platform/process/process-tree-usage.ts'

const LINUX = process.platform === 'linux'
const MEGABYTE = 1024 ** 2
const MAPS_MEMORY = fileURLToPath(new URL('../../fixtures/platform/maps-memory.ts', import.meta.url))

/** Opens a file in memory without a name. Of its `length` bytes, `written` are written. */
function openHeld(written: number, length = written): number {
  const path = join('/dev/shm', `automate-tui-test-${process.pid}`)
  const file = openSync(path, 'wx+', 0o600)
  rmSync(path)
  ftruncateSync(file, length)
  const piece = Buffer.alloc(Math.min(written, MEGABYTE), 1)
  for (let at = 0; at < written; at += piece.length) writeSync(file, piece)
  return file
}

const sum = (files: ReadonlyMap<string, number>) => [...files.values()].reduce((all, each) => all + each, 0)

/** Starts a process that maps a whole file and then closes its descriptor. */
async function mapping(
  t: { teardown(end: () => unknown): unknown },
  file: number,
  bytes: number,
): Promise<number> {
  const child = fork(MAPS_MEMORY, [String(bytes)], { stdio: ['ignore', 'inherit', 'inherit', file, 'ipc'] })
  t.teardown(() => child.disconnect())
  await once(child, 'message')
  return child.pid ?? 0
}

t.test('counts memory that a process holds open but no process maps', { skip: !LINUX }, async t => {
  const before = (await processTreeUsage(process.pid))?.bytes ?? 0
  const file = openHeld(200 * MEGABYTE)
  const during = (await processTreeUsage(process.pid))?.bytes ?? 0
  t.ok(during - before > 150 * MEGABYTE, `${during - before} bytes more while it is open`)
  closeSync(file)
  const after = (await processTreeUsage(process.pid))?.bytes ?? 0
  t.ok(during - after > 150 * MEGABYTE, `${during - after} bytes less after it is closed`)
})

t.test('counts a file once, by its allocated size rather than its length', { skip: !LINUX }, async t => {
  const file = openHeld(MEGABYTE, 1024 * MEGABYTE)
  t.teardown(() => closeSync(file))
  const files = new SharedFiles()
  const held = sum(await files.heldBy([process.pid, process.pid]))
  t.ok(held >= MEGABYTE && held < 10 * MEGABYTE, `${held} bytes`)
})

t.test('counts growth at once, and nothing for processes that have ended', { skip: !LINUX }, async t => {
  const files = new SharedFiles()
  t.equal(sum(await files.heldBy([2 ** 30])), 0)
  const file = openHeld(20 * MEGABYTE)
  t.ok(sum(await files.heldBy([2 ** 30, process.pid])) >= 20 * MEGABYTE)
  closeSync(file)
  const looks = Array.from({ length: 5 }, () => () => files.heldBy([process.pid]))
  let last = Infinity
  for (const look of looks) last = sum(await look())
  t.ok(last < 20 * MEGABYTE, 'a closed file stops counting')
})

t.test('counts memory shared by several processes once, and private mappings in full', async t => {
  if (!LINUX) return
  const size = 100 * MEGABYTE
  const [one, other] = [openHeld(1, size), openHeld(1, size)]
  const before = (await processTreeUsage(process.pid))?.bytes ?? 0
  await Promise.all([mapping(t, one, size), mapping(t, one, size), mapping(t, other, size)])
  closeSync(one)
  closeSync(other)
  const use = (await processTreeUsage(process.pid))?.bytes ?? 0
  const exact = (await treeBytes(process.pid, use + size / 2, new SharedFiles())) ?? 0
  t.comment({ before, use, exact })
  t.ok(exact - use > 0.8 * size && exact - use < 1.2 * size, `${exact - use} bytes more than the largest`)
  const farBelow = (await treeBytes(process.pid, use + 10 * size, new SharedFiles())) ?? 0
  t.ok(farBelow < use + size / 2, 'far below the limit no file is walked')
})
