import { appendFileSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { tailLogs } from '../../../lib/files/logs/log-tail.ts'
import type { LogLine } from '../../../lib/model/log-line.ts'
import { startChild } from '../../helpers/processes/child.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { until } from '../../helpers/until.ts'

function json(at: number, message: string, source = 'worker'): string {
  return `${JSON.stringify({ at, level: 'info', source, message } satisfies LogLine)}\n`
}

function follow(t: Test, folders: () => readonly string[], lines?: number) {
  const tail = tailLogs({ folders, ...(lines === undefined ? {} : { lines }) })
  t.teardown(() => tail.close())
  return { tail, messages: () => tail.lines.map(line => line.message) }
}

t.test('shows the lines of all logs merged by time, then appended lines', async t => {
  const folder = t.testdir({
    workers: { 'a.log': json(1, 'a1') + json(4, 'a4'), 'b.log': json(2, 'b2'), 'b.txt': json(3, 'no log') },
    console: { 'console.log': json(3, 'c3') },
  })
  const { tail, messages } = follow(t, () => [join(folder, 'workers'), join(folder, 'console')])
  await tail.ready
  t.strictSame(messages(), ['a1', 'b2', 'c3', 'a4'])

  const fresh: string[] = []
  const end = tail.subscribe(lines => fresh.push(...lines.map(line => line.message)))
  appendFileSync(join(folder, 'workers', 'b.log'), json(5, 'b5'))
  writeFileSync(join(folder, 'workers', 'new.log'), json(6, 'n6'))
  await until('both', () => messages().join() === 'a1,b2,c3,a4,b5,n6')
  t.strictSame(fresh.sort(), ['b5', 'n6'], 'only new lines are reported as new')
  end()
  appendFileSync(join(folder, 'workers', 'b.log'), json(7, 'b7'))
  await until('the next', () => messages().at(-1) === 'b7')
  t.equal(fresh.length, 2)
})

t.test('an incomplete last line waits for its end, multi-byte characters included', async t => {
  const folder = t.testdir({ 'a.log': '' })
  const path = join(folder, 'a.log')
  const { tail, messages } = follow(t, () => [folder])
  await tail.ready
  const bytes = Buffer.from(json(1, 'perché no €'))
  const middle = bytes.indexOf('é') + 1
  appendFileSync(path, Buffer.concat([Buffer.from(json(1, 'whole')), bytes.subarray(0, middle)]))
  await until('the whole line', () => messages().join() === 'whole')
  appendFileSync(path, bytes.subarray(middle))
  await until('the torn line', () => messages().join() === 'whole,perché no €')
})

t.test('shows lines of other programs as text, escaped', async t => {
  const folder = t.testdir({ 'chrome.log': '[0101/1.2:ERROR] \u001b[31mgpu\n{"at":"x"}\n{torn\n\n' })
  const { tail, messages } = follow(t, () => [folder])
  await tail.ready
  t.strictSame(messages(), ['[0101/1.2:ERROR] ␛gpu', '{"at":"x"}', '{torn'])
  t.match(tail.lines[0], { source: 'chrome', level: 'info' })
})

t.test('reads a log that was truncated, replaced or moved away from its beginning', async t => {
  const folder = t.testdir({ 'a.log': json(1, 'old') + json(2, 'older') })
  const path = join(folder, 'a.log')
  const { tail, messages } = follow(t, () => [folder])
  await tail.ready
  writeFileSync(path, json(3, 'short'))
  await until('after truncation', () => messages().at(-1) === 'short')
  renameSync(path, join(folder, 'a.log.1'))
  writeFileSync(path, json(4, 'rotated') + json(5, 'and longer than the file that was here before it'))
  await until('after rotation', () => messages().includes('rotated'))
  rmSync(path)
  await until('the log again', () => {
    writeFileSync(path, json(6, 'again'))
    return messages().includes('again')
  })
})

t.test('follows the folders of a new day when they appear', async t => {
  const root = t.testdir({ monday: { 'a.log': json(1, 'monday') } })
  let days = ['monday']
  const { tail, messages } = follow(t, () => days.map(day => join(root, day)))
  await tail.ready
  days = ['tuesday']
  mkdirSync(join(root, 'tuesday'))
  writeFileSync(join(root, 'tuesday', 'a.log'), json(2, 'tuesday'))
  await until('tuesday', () => messages().join() === 'monday,tuesday')
  appendFileSync(join(root, 'tuesday', 'a.log'), json(3, 'later'))
  await until('later', () => messages().at(-1) === 'later')
})

t.test('follows the folders of yesterday until those of the new day can be created', async t => {
  const root = t.testdir({ monday: { 'a.log': json(1, 'monday') }, tuesday: 'in the way' })
  const clock = new FakeClock()
  let days = ['monday']
  const tail = tailLogs({ folders: () => days.map(day => join(root, day)), clock })
  t.teardown(() => tail.close())
  const told = () => tail.lines.map(({ message }) => message)
  await tail.ready
  days = ['tuesday']
  clock.advance(1_000)
  appendFileSync(join(root, 'monday', 'a.log'), json(2, 'after midnight'))
  clock.advance(1_000)
  t.strictSame(told(), ['monday', 'after midnight'])

  rmSync(join(root, 'tuesday'))
  clock.advance(1_000)
  writeFileSync(join(root, 'tuesday', 'a.log'), json(3, 'tuesday'))
  clock.advance(1_000)
  t.strictSame(told(), ['monday', 'after midnight', 'tuesday'])
})

t.test('follows a folder for a minute after it is no longer requested', async t => {
  const root = t.testdir({ monday: { 'a.log': json(1, 'monday') }, tuesday: {} })
  const clock = new FakeClock()
  let days = ['monday']
  const tail = tailLogs({ folders: () => days.map(day => join(root, day)), clock })
  t.teardown(() => tail.close())
  const shown = () => tail.lines.map(({ message }) => message)
  const seconds = (count: number) => {
    for (let passed = 0; passed < count; passed++) clock.advance(1_000)
  }
  await tail.ready
  days = ['tuesday']
  seconds(2)
  appendFileSync(join(root, 'monday', 'a.log'), json(2, 'ended'))
  seconds(3)
  t.strictSame(shown(), ['monday', 'ended'])
  seconds(60)
  appendFileSync(join(root, 'monday', 'a.log'), json(3, 'too late'))
  seconds(3)
  t.strictSame(shown(), ['monday', 'ended'])
})

t.test('hides lines of an earlier day in any folder', async t => {
  const since = 1_000
  const folder = t.testdir({
    'long.log': json(998, 'yesterday') + json(1_000, 'midnight') + json(1_001, 'today'),
    'ended.log': json(999, 'ended yesterday'),
  })
  utimesSync(join(folder, 'ended.log'), 0, 0)
  const tail = tailLogs({ folders: () => [folder], since })
  t.teardown(() => tail.close())
  const shown = () => tail.lines.map(({ message }) => message)
  await tail.ready
  t.strictSame(shown(), ['midnight', 'today'])
  appendFileSync(join(folder, 'long.log'), json(1_002, 'later'))
  await until('the next line', () => shown().at(-1) === 'later')
})

/** Writes `count` logs of one line each. The last one is the newest. */
function manyLogs(folder: string, count: number): void {
  for (let n = 0; n < count; n++) {
    const path = join(folder, `w${n}.log`)
    writeFileSync(path, json(n, `log ${n}`))
    utimesSync(path, 1_000 + n, 1_000 + n)
  }
}

t.test('shows the newest lines of many short logs, from as many logs as needed', async t => {
  const folder = t.testdir()
  manyLogs(folder, 120)
  const { tail, messages } = follow(t, () => [folder], 100)
  await tail.ready
  t.equal(messages().length, 100)
  t.equal(messages()[0], 'log 20')
  appendFileSync(join(folder, 'w0.log'), json(1_000, 'w0 speaks again'))
  await until('an old log that grew', () => messages().at(-1) === 'w0 speaks again')
  t.notOk(messages().includes('log 0'), 'old lines are not reported as new')
})

t.test('reads only the end of a long log, and of many long logs the newest', async t => {
  const folder = t.testdir()
  manyLogs(folder, 1)
  for (let n = 1; n <= 40; n++) writeFileSync(join(folder, `long${n}.log`), json(n, 'x').repeat(2_000))
  const { tail, messages } = follow(t, () => [folder], 100_000)
  await tail.ready
  const lines = messages().length
  t.ok(lines > 1_000 && lines < 80_000 && !messages().includes('log 0'), `${lines} lines`)
})

t.test(
  'thousands of lines a second from several writers keep the ring bounded, ending with the last',
  async t => {
    const folder = t.testdir()
    const { tail } = follow(t, () => [folder], 200)
    await tail.ready
    let longest = 0
    let ends = 0
    tail.subscribe(fresh => {
      longest = Math.max(longest, tail.lines.length)
      ends += fresh.filter(({ message }) => message === 'line 20000').length
    })
    const writers = [1, 2, 3].map(n =>
      startChild('files/logs-and-dies.ts', [join(folder, `w${n}.log`), '20000']),
    )
    await Promise.all(writers.map(writer => writer.ended))
    await until('the last line of each', () => ends === 3)
    t.ok(longest <= 200, `${longest} lines at most`)
  },
)
