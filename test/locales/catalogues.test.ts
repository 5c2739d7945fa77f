import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { en } from '../../lib/locales/en.ts'
import { it } from '../../lib/locales/it.ts'

/**
 * Returns every text of a catalogue by its path. A phrase with parts has `1`, `2` … in their place.
 */
function texts(catalogue: object, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  const entries: [string, unknown][] = Object.entries(catalogue)
  for (const [key, value] of entries) {
    const here = path === '' ? key : `${path}.${key}`
    if (typeof value === 'string') found.set(here, value)
    else if (typeof value === 'function')
      found.set(here, String(Reflect.apply(value, undefined, [1, 2, 3, 4])))
    else if (typeof value === 'object' && value !== null) {
      for (const [below, text] of texts(value, here)) found.set(below, text)
    }
  }
  return found
}

const english = texts(en)
const italian = texts(it)

t.test('both languages have the same texts, and no text is empty', async t => {
  t.same([...italian.keys()].toSorted(), [...english.keys()].toSorted())
  t.same(
    [...english, ...italian].filter(([, text]) => text.trim() === '').map(([path]) => path),
    [],
  )
  t.comment(`${english.size} texts in each language`)
  t.ok(english.size >= 300, 'each language has at least 300 texts')
})

t.test('both languages use the same placeholders', async t => {
  const parts = (text: string | undefined) => [...new Set(text?.match(/[1-4]/g))].toSorted().join('')
  t.same(
    [...english].filter(([path, text]) => parts(text) !== parts(italian.get(path))).map(([path]) => path),
    [],
  )
})

const FOLDERS = ['bin', 'screens', 'lib']

/** Returns all source that may use a text, without the catalogues themselves. */
function source(): string {
  const root = join(import.meta.dirname, '../..')
  return FOLDERS.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.ts') && !/^locales[\\/](?:en|it)(?:[\\/]|\.ts$)/.test(file))
      .map(file => readFileSync(join(root, folder, file), 'utf8')),
  ).join('\n')
}

t.test('no text is unused', async t => {
  const code = source()
  const words = new Set([...code.matchAll(/\w+/g), ...code.matchAll(/[\w-]+/g)].map(([word]) => word))
  // Names that code looks up by a state or a key, and names of groups that code uses as a whole.
  const groups = new Set(
    [...code.matchAll(/\b(\w+)\[|\.(?:values|entries)\(((?:\w+\.)*\w+)/g)].flatMap(
      ([, looked = '', taken = '']) => [looked, ...taken.split('.')],
    ),
  )
  const used = (path: string) => {
    const names = path.split('.')
    const [last = '', group] = names.toReversed()
    if (names.slice(0, -1).some(name => groups.has(name))) return true
    return words.has(last) && (group === undefined || words.has(group))
  }
  t.same(
    [...english.keys()].filter(path => !used(path)),
    [],
  )
})
