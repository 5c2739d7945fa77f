import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { codePaths } from '../../../lib/platform/trust/code-paths.ts'
import { newFolder } from '../../helpers/store/project.ts'

t.test(
  'includes hidden code files, but no hidden folders',
  { skip: process.platform === 'win32' && 'on Windows the folder alone counts' },
  async t => {
    const folder = newFolder()
    for (const name of ['below', '.git']) mkdirSync(join(folder, name))
    const code = ['.shared.ts', 'greet.ts', join('below', '.hidden.mjs')]
    for (const name of [...code, '.hidden', join('.git', 'hook.js')]) writeFileSync(join(folder, name), '')
    t.same(
      codePaths(folder).toSorted(),
      [folder, join(folder, 'below'), ...code.map(name => join(folder, name))].toSorted(),
    )
  },
)
