import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'
import type { Clock } from '../../../lib/core/time/clock.ts'
import { openLog } from '../../../lib/files/logs/log-writer.ts'
import { LogLine } from '../../../lib/model/log-line.ts'
import { smallDisk } from '../../helpers/processes/small-disk.ts'
import { startChild } from '../../helpers/processes/child.ts'

const StrictLine = LogLine.strict()

function linesOf(path: string): LogLine[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => StrictLine.parse(JSON.parse(line)))
}

t.test('writes only LogLines, and before the call returns', async t => {
  const path = join(t.testdir(), 'worker.log')
  const log = openLog({ pathAt: () => path, source: 'worker', context: { workerId: 'w1', jobId: 7 } })
  log.log('warn', 'slow: 100% %s %d', { phase: 'open_shop' })
  const [line] = linesOf(path)
  t.match(line, {
    level: 'warn',
    source: 'worker',
    message: 'slow: 100% %s %d',
    workerId: 'w1',
    jobId: 7,
    phase: 'open_shop',
  })
  log.debug('page', { member: 2 })
  t.match(linesOf(path)[1], { source: 'worker', member: 2, workerId: 'w1', level: 'debug' })
  log.close()
  log.log('info', 'after the end')
  t.equal(linesOf(path).length, 2)
})

t.test('writes hostile text as one escaped line', async t => {
  const path = join(t.testdir(), 'worker.log')
  const log = openLog({ pathAt: () => path, source: 'worker' })
  log.log('info', `\u001b[2Jcleared\n{"at":1,"level":"error"}\u202e${'x'.repeat(10_000)}`)
  log.close()
  const [line, ...more] = linesOf(path)
  t.strictSame(more, [])
  t.notMatch(line?.message, /[\u001b\n\u202e]/)
  t.ok((line?.message.length ?? 0) < 5_000)
})

t.test('does not write lines below the level', async t => {
  const path = join(t.testdir(), 'worker.log')
  const log = openLog({ pathAt: () => path, source: 'worker', level: 'warn' })
  log.log('info', 'no')
  log.log('error', 'yes')
  t.strictSame(
    linesOf(path).map(({ message }) => message),
    ['yes'],
  )
  log.close()
})

t.test('continues in the folder of the new day at midnight, or in the old one if that fails', async t => {
  const folder = t.testdir()
  const days = ['22', '23', 'missing']
  mkdirSync(join(folder, '22'))
  mkdirSync(join(folder, '23'))
  let minute = 0
  const clock: Clock = { ...systemClock, now: () => minute * 60_000 }
  const log = openLog({
    pathAt: at => join(folder, days[at.getTime() / 60_000] ?? '', 'scheduler.log'),
    source: 'scheduler',
    clock,
  })
  for (; minute < 3; minute++) log.log('info', `minute ${minute}`)
  log.close()
  const messages = (day: string) => linesOf(join(folder, day, 'scheduler.log')).map(line => line.message)
  t.strictSame(messages('22'), ['minute 0'])
  t.strictSame(messages('23'), ['minute 1', 'minute 2'])
})

t.test('refuses a file that cannot be opened at once', async t => {
  const path = join(t.testdir(), 'missing', 'worker.log')
  t.throws(() => openLog({ pathAt: () => path, source: 'worker' }), { code: 'ENOENT' })
})

t.test('the line logged just before a kill is in the file, after thousands of others', async t => {
  const path = join(t.testdir(), 'worker.log')
  const child = startChild('files/logs-and-dies.ts', [path, '5000'])
  t.equal((await child.ended).signal, process.platform === 'win32' ? null : 'SIGKILL')
  const lines = linesOf(path)
  t.equal(lines.length, 5000)
  t.equal(lines.at(-1)?.message, 'line 5000')
})

t.test(
  'a full disk neither throws nor ends the process',
  { skip: process.platform !== 'linux' && 'needs /dev/full' },
  async t => {
    const log = openLog({ pathAt: () => '/dev/full', source: 'worker' })
    for (let n = 0; n < 2_000; n++) log.log('info', 'x'.repeat(1_000))
    log.close()
    t.pass('the process still runs')
  },
)

/**
 * Longer than the rest of a file's last page, and shorter than the limit at which a line is cut.
 */
const LONG = 'x'.repeat(4_000)

t.test('reports a full disk once, and its recovery once', async t => {
  const disk = smallDisk(t)
  if (typeof disk === 'string') {
    t.pass('a small disk', { skip: disk })
    return
  }
  const path = join(disk.folder, 'console.log')
  const troubles: string[] = []
  let retry: (() => void) | undefined
  const clock: Clock = {
    ...systemClock,
    after: (_ms, fn) => {
      retry = fn
      return () => (retry = undefined)
    },
  }
  const log = openLog({
    ...{ pathAt: () => path, source: 'scheduler', clock },
    onTrouble: ({ message }) => troubles.push(message),
  })
  const lost = /^Log lines of the scheduler are lost, because they cannot be written .*: ENOSPC/
  const written = 'The log of the scheduler is written again.'
  log.info('before')
  disk.fill()
  for (let n = 0; n < 3; n++) log.info(LONG)
  retry?.()
  t.match(troubles, [lost])
  t.equal(troubles.length, 1)
  t.match(log.trouble, lost)
  disk.free()
  retry?.()
  t.match(troubles, [lost, written], 'no other line was needed')
  t.equal(log.trouble, undefined)
  t.match(
    linesOf(path).map(({ message }) => message),
    ['before', LONG, lost, LONG, LONG, written],
    'the lines that waited for space are written',
  )

  disk.fill()
  for (let n = 0; n < 500; n++) log.info(LONG)
  disk.free()
  log.info('after')
  t.match(troubles, [lost, written, lost, written])
  t.equal(troubles.length, 4)
  t.ok(
    linesOf(path).some(({ message }) => message === 'after'),
    'the recovery is reported also after lines were lost',
  )
  log.close()
})
