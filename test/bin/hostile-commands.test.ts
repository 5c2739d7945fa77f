import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { hostileProject, obeyedOutput } from '../fault/hostile-commands.ts'
import { newFolder } from '../helpers/project.ts'

/** All that terminals obey, or turn around. */
const HOSTILE =
  'x\u001b]0;pwned\u0007\u001b[2J\u009d52;c;aGk=\u009c\u009b31m\u202e\u2066\u2028\u007f\r\u0085\b\u001by'

t.test('no command in any format sends what a terminal obeys', async t => {
  const root = newFolder()
  writeFileSync(join(root, 'automate.config.ts'), 'export default {}\n')
  await hostileProject(root, () => HOSTILE)
  t.same(await obeyedOutput(root), [])
})
