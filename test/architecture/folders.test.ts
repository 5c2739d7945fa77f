import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'

const ROOT = join(import.meta.dirname, '..', '..')
const MAX_FILES = 15

/** Folders that may have more files, each with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'bin/commands': 'one file for each command',
  'bin/program/registration': 'one file for each command',
  'lib/doctor/checks': 'one file for each check',
  'lib/locales/en': 'one file for each area of the texts',
  'lib/locales/it': 'one file for each area of the texts',
}

/** Returns the folders with more files than a reader can survey, with their number of files. */
function crowded(files: readonly string[]): [folder: string, files: number][] {
  const counts = new Map<string, number>()
  for (const file of files) {
    const folder = dirname(file).replaceAll('\\', '/')
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  return [...counts].filter(([, count]) => count > MAX_FILES)
}

t.test(`a folder of the sources has at most ${MAX_FILES} files`, async t => {
  const files = globSync('{bin,lib,screens,scripts}/**/*.*', { cwd: ROOT, exclude: ['**/node_modules/**'] })
  t.ok(files.length > 500, 'source files exist')
  const folders = crowded(files).map(([folder]) => folder)
  t.strictSame(folders.toSorted(), Object.keys(EXCEPTIONS).toSorted(), 'only the exceptions have more')
})

t.test('finds a folder with one file too many', async t => {
  const files = (count: number) => Array.from({ length: count }, (_, i) => `lib/flat/${i}.ts`)
  t.strictSame(crowded(files(MAX_FILES)), [])
  t.strictSame(crowded(files(MAX_FILES + 1)), [['lib/flat', MAX_FILES + 1]])
})
