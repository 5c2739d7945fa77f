import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ProjectPaths, dayName } from '../../lib/core/process/paths.ts'
import { saveText } from '../../lib/files/save-text.ts'

t.test('a text gets its own file among the logs of the day', async t => {
  const paths = new ProjectPaths(t.testdir())
  const at = new Date(2026, 2, 23, 9, 3, 22).getTime()
  const first = saveText(paths, 'log', 'one\n', at)
  const second = saveText(paths, 'log', 'two\n', at)
  t.equal(first, join('logs', dayName(new Date(at)), 'console', 'log-090322.txt'))
  t.equal(second, join('logs', dayName(new Date(at)), 'console', 'log-090322-2.txt'))
  t.equal(readFileSync(join(paths.root, first), 'utf8'), 'one\n')
  t.equal(readFileSync(join(paths.root, second), 'utf8'), 'two\n')
  if (process.platform !== 'win32') t.equal(statSync(join(paths.root, first)).mode & 0o777, 0o600)
})
