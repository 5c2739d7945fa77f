import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findConfigFiles } from '../../lib/config/config-files.ts'

t.test('a file that was removed makes the configuration unusable', t => {
  const root = t.testdir({ 'automate.config.js': '' })
  const file = (name: string) => join(root, name)
  const first = findConfigFiles(root, null)
  t.match(first, { config: file('automate.config.js'), dotEnv: null })

  writeFileSync(file('.env'), '')
  const second = findConfigFiles(root, first)
  t.match(second, { dotEnv: file('.env') })
  rmSync(file('.env'))
  t.throws(() => findConfigFiles(root, second), {
    code: 'config-invalid',
    message: /^\.env is no longer in .*Put it back, or create an empty one/,
  })
  t.match(findConfigFiles(root, null), { dotEnv: null }, 'a first start needs no file')

  renameSync(file('automate.config.js'), file('other.js'))
  t.throws(() => findConfigFiles(root, first), {
    code: 'config-invalid',
    message: /^automate\.config\.js is no longer in .*Put it back/,
  })
  renameSync(file('other.js'), file('automate.config.ts'))
  t.match(
    findConfigFiles(root, first),
    { config: file('automate.config.ts') },
    'a file of another kind replaces it',
  )
  t.end()
})

t.test('detects files that were written, created, replaced or removed', t => {
  const root = t.testdir({ 'automate.config.ts': '', '.env': '' })
  const file = (name: string) => join(root, name)
  const change = (what: string, make: () => void) => {
    const { haveChanged } = findConfigFiles(root, null)
    t.equal(haveChanged(), false)
    make()
    t.equal(haveChanged(), true, what)
  }
  writeFileSync(file('unrelated.ts'), '')
  change('written', () => writeFileSync(file('.env'), 'ONE=1\n'))
  change('replaced', () => renameSync(file('unrelated.ts'), file('automate.config.ts')))
  change('removed', () => rmSync(file('.env')))
  change('made', () => writeFileSync(file('automate.config.mjs'), ''))
  t.end()
})
