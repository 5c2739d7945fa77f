import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import type { AutomateError } from '../../../lib/core/errors/errors.ts'
import { writeJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { watchDocuments } from '../../../lib/files/documents/watch-documents.ts'
import { CounterDocument, counterDocument } from '../../fixtures/files/counter-document.ts'
import { startChild } from '../../helpers/processes/child.ts'
import { until } from '../../helpers/until.ts'

function follow(t: Test, folder: string) {
  const seen = {
    folder,
    documents: new Map<string, number>(),
    broken: new Array<{ path: string; error: AutomateError }>(),
    callbacks: 0,
    ready: Promise.resolve(),
  }
  const watch = watchDocuments({
    folder,
    schema: CounterDocument,
    onChange: documents => {
      seen.callbacks++
      seen.documents = new Map([...documents].map(([name, { n }]) => [name, n]))
    },
    onBroken: (path, error) => seen.broken.push({ path, error }),
  })
  seen.ready = watch.ready
  t.teardown(() => watch.close())
  return { ...watch, seen }
}

t.test('passes on the documents at the start, also of an empty folder', async t => {
  const folder = t.testdir()
  const empty = follow(t, folder)
  await empty.ready
  t.match(empty.seen, { callbacks: 1 })
  writeJsonSync(join(folder, 'a.json'), counterDocument('test', 1))
  const { ready, seen } = follow(t, folder)
  await ready
  t.strictSame([...seen.documents], [['a', 1]])
})

t.test('sees a document that changed between the first read and the watch', async t => {
  const folder = t.testdir()
  for (let round = 1; round <= 10; round++) {
    writeJsonSync(join(folder, 'a.json'), counterDocument('test', round * 10))
    const { seen, close } = follow(t, folder)
    writeJsonSync(join(folder, 'a.json'), counterDocument('test', round * 10 + 1))
    writeJsonSync(join(folder, 'b.json'), counterDocument('test', round))
    await until('both', () => seen.documents.get('a') === round * 10 + 1 && seen.documents.get('b') === round)
    await close()
  }
})

t.test('sees the final state of fifty quickly changing documents, in far fewer callbacks', async t => {
  const folder = t.testdir()
  const { seen, ready } = follow(t, folder)
  await ready
  const rounds = 40
  const startedAt = performance.now()
  t.match(await startChild('files/changes-fifty.ts', [folder, String(rounds)]).ended, { code: 0, stderr: '' })
  await until(
    'all at the last version',
    () => seen.documents.size === 50 && [...seen.documents.values()].every(n => n === rounds),
  )
  const seconds = (performance.now() - startedAt) / 1000
  t.ok(seen.callbacks <= seconds * 31 + 3, `${seen.callbacks} callbacks in ${seconds.toFixed(1)} s`)
  t.strictSame(seen.broken, [])
})

t.test('a removed document leaves the map, and may return', async t => {
  const folder = t.testdir()
  const path = join(folder, 'a.json')
  writeJsonSync(path, counterDocument('test', 1))
  const { seen, ready } = follow(t, folder)
  await ready
  rmSync(path)
  await until('gone', () => seen.documents.size === 0)
  writeJsonSync(path, counterDocument('test', 1))
  await until('back', () => seen.documents.get('a') === 1)
})

t.test('reports broken and unknown documents by name once each, and does not affect the others', async t => {
  const folder = t.testdir()
  writeJsonSync(join(folder, 'good.json'), counterDocument('test', 1))
  writeJsonSync(join(folder, 'newer.json'), { ...counterDocument('test', 1), version: 2 })
  writeFileSync(join(folder, 'torn.json'), '{"kind":')
  const { seen, ready } = follow(t, folder)
  await ready
  t.strictSame([...seen.documents.keys()], ['good'])
  t.strictSame(seen.broken.map(({ path }) => path).sort(), [
    join(folder, 'newer.json'),
    join(folder, 'torn.json'),
  ])
  t.ok(
    seen.broken.every(({ path, error }) => error.code === 'document-invalid' && error.message.includes(path)),
  )

  writeJsonSync(join(folder, 'torn.json'), counterDocument('test', 2))
  await until('repaired', () => seen.documents.get('torn') === 2)
  writeFileSync(join(folder, 'good.json'), 'no more')
  await until('out of the map', () => !seen.documents.has('good'))
  t.equal(seen.broken.length, 3)
})

t.test('ignores temporary files, folders and foreign names', async t => {
  const folder = t.testdir()
  const { seen, ready } = follow(t, folder)
  await ready
  mkdirSync(join(folder, 'folder.json'))
  writeFileSync(join(folder, '.a.json.12.1.tmp'), '{')
  writeFileSync(join(folder, '.hidden.json'), '{')
  writeFileSync(join(folder, 'notes.txt'), 'hello')
  writeJsonSync(join(folder, 'z.json'), counterDocument('test', 1))
  await until('the last one', () => seen.documents.has('z'))
  t.strictSame([...seen.documents.keys()], ['z'])
  t.strictSame(seen.broken, [])
})

t.test('treats a deleted folder as empty, and calls nothing after close', async t => {
  const folder = join(t.testdir(), 'inner')
  mkdirSync(folder)
  writeJsonSync(join(folder, 'a.json'), counterDocument('test', 1))
  const { seen, ready, close } = follow(t, folder)
  await ready
  rmSync(folder, { recursive: true })
  await until('empty', () => seen.documents.size === 0)
  const { callbacks } = seen
  mkdirSync(folder)
  await close()
  writeJsonSync(join(folder, 'a.json'), counterDocument('test', 2))
  const other = follow(t, folder)
  await other.ready
  t.equal(seen.callbacks, callbacks)
})

t.test('refuses a missing folder at once', async t => {
  t.throws(() => follow(t, join(t.testdir(), 'missing')), { code: 'ENOENT' })
})
