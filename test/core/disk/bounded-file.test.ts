import {
  appendFileSync,
  closeSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { BoundedFile, boundFile } from '../../../lib/core/disk/bounded-file.ts'

const LIMIT = 10_000

/** Limit with room for the note that replaces the middle, because the note is not counted. */
const WITH_NOTE = LIMIT + 100

const line = (n: number) => Buffer.from(`line ${n}\n`)

t.test('keeps a log within its limit complete, and the earlier content of its file', async t => {
  const path = join(t.testdir({ log: 'before\n' }), 'log')
  const log = new BoundedFile(path, LIMIT)
  log.append(line(1))
  log.append(line(2))
  t.equal(readFileSync(path, 'utf8'), 'before\nline 1\nline 2\n', 'at once, not at the close')
  t.equal(log.end(7), 'line 2\n')
  log.close()
})

t.test('keeps the first and the last lines of a log beyond its limit, after every write', async t => {
  const path = join(t.testdir(), 'log')
  const log = new BoundedFile(path, LIMIT)
  let largest = 0
  for (let n = 0; n < 20_000; n++) {
    log.append(line(n))
    largest = Math.max(largest, statSync(path).size)
  }
  t.ok(largest <= WITH_NOTE, `at most ${largest} bytes`)
  const text = readFileSync(path, 'utf8')
  t.match(text, /^line 0\nline 1\n/)
  t.match(
    text,
    /\n… \d+ bytes are left out here \(maxOutput\)\.\nline \d+\n/,
    'the note of the gap is between complete lines',
  )
  t.match(text, /line 19998\nline 19999\n$/)
  t.equal(log.end(11), 'line 19999\n')
  log.close()
})

t.test('keeps the end of a single write beyond the limit', async t => {
  const path = join(t.testdir(), 'log')
  const log = new BoundedFile(path, LIMIT)
  log.append(line(1))
  log.append(Buffer.from(`${'x'.repeat(50_000)} the end`))
  t.ok(statSync(path).size <= WITH_NOTE)
  t.match(readFileSync(path, 'utf8'), /^line 1\n[^]* the end$/)
  log.close()
})

t.test('bounds a log while another process appends to it', async t => {
  const path = join(t.testdir(), 'log')
  writeFileSync(path, '')
  const writer = openSync(path, 'a')
  for (let n = 0; n < 5_000; n++) writeSync(writer, line(n))
  boundFile(path, LIMIT)
  t.ok(statSync(path).size <= WITH_NOTE)
  writeSync(writer, 'after\n')
  closeSync(writer)
  t.match(
    readFileSync(path, 'utf8'),
    /^line 0\n[^]*… \d+ bytes are left out[^]*\nline 4998\nline 4999\nafter\n$/,
  )
  const { size } = statSync(path)
  boundFile(path, LIMIT)
  t.equal(statSync(path).size, size, 'a file within the limit stays unchanged')
  appendFileSync(path, 'x')
})

t.test('cuts no line in two where it removes the middle', t => {
  const path = join(t.testdir(), 'log')
  const secret = 'correct-horse-battery-staple'
  // The line of the secret crosses the half of the limit, where the first part ends.
  const lines = Array.from({ length: (LIMIT / 2 - 20) / 20 }, () => `${'x'.repeat(19)}\n`)
  for (const bound of ['as it grows', 'afterwards']) {
    writeFileSync(path, '')
    const log = new BoundedFile(path, bound === 'as it grows' ? LIMIT : LIMIT * 10)
    for (const text of lines) log.append(Buffer.from(text))
    log.append(Buffer.from(`${secret}\n`))
    for (let n = 0; n < 2_000; n++) log.append(line(n))
    log.close()
    if (bound === 'afterwards') boundFile(path, LIMIT)
    const text = readFileSync(path, 'utf8')
    t.ok(text.startsWith(lines.join('')), 'the lines before the gap stay')
    t.notMatch(text, 'correct', bound)
  }
  t.end()
})
