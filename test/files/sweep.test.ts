import { readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readJsonSync, writeJsonSync } from '../../lib/files/documents/atomic-json.ts'
import { sweepTemporaryFiles } from '../../lib/files/sweep.ts'
import { CounterDocument, counterDocument } from '../fixtures/files/counter-document.ts'
import { startChild } from '../helpers/processes/child.ts'

t.test('removes only the files of a killed writer, and only when they are old', async t => {
  const folder = t.testdir({ '.keep.tmp': '', 'notes.tmp': '' })
  const path = join(folder, 'document.json')
  writeJsonSync(path, counterDocument('test', 1))
  await startChild('files/writes-once.ts', [path, '2'], { preload: ['dies-at-rename.ts'] }).ended
  const left = readdirSync(folder).find(name => name.startsWith('.document.json.')) ?? ''
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), 1_000, 1_000)

  t.strictSame(sweepTemporaryFiles(folder, 1_000_000 + 59_000), [], 'a recent file may still be in use')
  t.strictSame(sweepTemporaryFiles(folder, 1_000_000 + 61_000), [join(folder, left)])
  t.strictSame(readdirSync(folder).sort(), ['.keep.tmp', 'document.json', 'notes.tmp'])
  t.equal(readJsonSync(path, CounterDocument).n, 1)
  t.strictSame(sweepTemporaryFiles(join(folder, 'missing'), Date.now()), [])
})
