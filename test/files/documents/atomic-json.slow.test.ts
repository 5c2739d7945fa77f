import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { isAutomateError } from '../../../lib/core/errors/errors.ts'
import {
  readJsonIfExistsSync,
  readJsonSync,
  writeJsonSync,
} from '../../../lib/files/documents/atomic-json.ts'
import { CounterDocument, counterDocument } from '../../fixtures/files/counter-document.ts'
import { shortOrLong } from '../../helpers/long-form.ts'
import { startChild } from '../../helpers/processes/child.ts'
import { until } from '../../helpers/until.ts'

const HAMMER_MS = shortOrLong(1_000, 10_000)
const KILLS = shortOrLong(4, 100)

const Seen = z.object({
  reads: z.int(),
  versions: z.int(),
  writers: z.int(),
  failures: z.int(),
  first: z.string(),
})

t.test(
  'two writers and four readers share a document, without failed reads and with progress for all',
  async t => {
    const path = join(t.testdir(), 'document.json')
    writeJsonSync(path, counterDocument('test', 0))
    const writers = ['a', 'b'].map(name => startChild('files/writes-for-ever.ts', [path, name]))
    try {
      await Promise.all(writers.map(writer => writer.line()))
      const readers = [1, 2, 3, 4].map(() =>
        startChild('files/reads-for-a-while.ts', [path, String(HAMMER_MS)]),
      )
      for (const reader of await Promise.all(readers.map(reader => reader.ended))) {
        t.equal(reader.code, 0, reader.stderr)
        const seen = Seen.parse(JSON.parse(reader.stdout))
        t.match(seen, { failures: 0, first: '' }, `${seen.reads} reads, ${seen.versions} versions`)
        t.ok(seen.versions > 1, 'the reader saw the document change')
        t.equal(seen.writers, 2, 'the reader saw the documents of both writers')
      }
    } finally {
      // A teardown would be too late, because the test's folder is removed before it.
      for (const writer of writers) writer.process.kill('SIGKILL')
      await Promise.all(writers.map(writer => writer.ended))
    }
  },
)

t.test('a writer killed at any moment leaves the old or the new document', async t => {
  const path = join(t.testdir(), 'document.json')
  for (let round = 0; round < KILLS; round++) {
    writeJsonSync(path, counterDocument('test', 0))
    const writer = startChild('files/writes-for-ever.ts', [path, `round-${round}`])
    await writer.line()
    const target = Math.floor(Math.random() * 20)
    await until(`version ${target}`, () => readJsonSync(path, CounterDocument).n >= target)
    writer.process.kill('SIGKILL')
    t.equal((await writer.ended).signal, 'SIGKILL')
    const left = readJsonSync(path, CounterDocument)
    t.ok(left.n >= target, `round ${round}: version ${left.n} of ${left.writer} is complete`)
  }
})

t.test('a writer killed between write and rename leaves the old document', async t => {
  const folder = t.testdir()
  const path = join(folder, 'document.json')
  writeJsonSync(path, counterDocument('test', 1))
  const writer = startChild('files/writes-once.ts', [path, '2'], { preload: ['dies-at-rename.ts'] })
  t.equal((await writer.ended).signal, 'SIGKILL')
  t.equal(readJsonSync(path, CounterDocument).n, 1)
  t.equal(
    readdirSync(folder).filter(name => name.endsWith('.tmp')).length,
    1,
    'the writer died at the intended point',
  )
})

t.test('retries a rename that is refused while a process holds the document open', async t => {
  const folder = t.testdir()
  const path = join(folder, 'document.json')
  writeJsonSync(path, counterDocument('test', 1))
  const options = { preload: ['refuses-rename.ts'], env: { ...process.env, REFUSALS: '7' } }
  const ended = await startChild('files/writes-once.ts', [path, '2'], options).ended
  t.match(ended, { code: 0, stderr: '' })
  t.equal(readJsonSync(path, CounterDocument).n, 2)
  t.strictSame(readdirSync(folder), ['document.json'])
})

t.test(
  'a rename that stays refused fails with the system error, and leaves only the old document',
  async t => {
    const folder = t.testdir()
    const path = join(folder, 'document.json')
    writeJsonSync(path, counterDocument('test', 1))
    const options = { preload: ['refuses-rename.ts'], env: { ...process.env, REFUSALS: '1000000' } }
    const ended = await startChild('files/writes-once.ts', [path, '2'], options).ended
    t.not(ended.code, 0)
    t.match(ended.stderr, /EPERM|EACCES|EBUSY/)
    t.equal(readJsonSync(path, CounterDocument).n, 1)
    t.strictSame(readdirSync(folder), ['document.json'])
  },
)

t.test('refuses a document that does not parse, and names file, fields and remedy', async t => {
  const path = join(t.testdir(), 'document.json')
  const Schema = z.object({ version: z.literal(1), workers: z.int(), phase: z.object({ index: z.int() }) })
  const refusal = (text: string) => {
    writeFileSync(path, text)
    try {
      readJsonSync(path, Schema)
    } catch (error) {
      if (isAutomateError(error)) return { code: error.code, message: error.message }
    }
    throw new Error('not refused')
  }
  const wrong = refusal('{"version":1,"workers":"many","phase":{}}')
  t.equal(wrong.code, 'document-invalid')
  for (const part of [path, '"workers"', '"phase.index"', 'delete it'])
    t.ok(wrong.message.includes(part), part)
  t.match(refusal('{"version":2,"workers":1,"phase":{"index":1}}').message, /Another version of automate-tui/)
  t.match(refusal('{"version":').message, /is not JSON.*Repair/)
  t.match(refusal('').message, /is not JSON/)
})

t.test('refuses a value that JSON cannot represent before writing anything', async t => {
  const folder = t.testdir()
  t.throws(() => writeJsonSync(join(folder, 'document.json'), undefined), { code: 'bug' })
  t.strictSame(readdirSync(folder), [])
})

t.test('a durable write can be read back and is private, and a missing document is undefined', async t => {
  const folder = t.testdir()
  const path = join(folder, 'document.json')
  t.equal(readJsonIfExistsSync(path, CounterDocument), undefined)
  t.throws(() => readJsonSync(path, CounterDocument), { code: 'ENOENT' })
  writeJsonSync(path, counterDocument('test', 3), { durable: true })
  t.equal(readJsonIfExistsSync(path, CounterDocument)?.n, 3)
  if (process.platform !== 'win32') t.equal(statSync(path).mode & 0o777, 0o600)
})

t.test('a write over a folder fails and leaves no temporary file', async t => {
  const folder = t.testdir()
  mkdirSync(join(folder, 'document.json', 'x'), { recursive: true })
  t.throws(() => writeJsonSync(join(folder, 'document.json'), { a: 1 }))
  t.strictSame(readdirSync(folder), ['document.json'])
  t.ok(existsSync(join(folder, 'document.json', 'x')))
})
