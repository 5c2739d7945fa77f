import { spawnSync } from 'node:child_process'
import { cpSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { timeLeftMs } from '../../scripts/test/time-left.ts'

const TREE = fileURLToPath(new URL('../..', import.meta.url))
const REPORTER = join(TREE, 'scripts', 'test', 'progress-reporter.ts')

const testOf = (assertion: string) => `import t from 'tap'
console.error('on standard error')
t.test('a subtest', t => { ${assertion}; t.end() })`

t.test('a run prints its progress file by file, and the failed assertions at the end', t => {
  const project = t.testdir({
    'package.json': '{ "type": "module" }',
    '.taprc': 'plugin: ["!@tapjs/typescript"]\ndisable-coverage: true\n',
    'good.test.js': testOf("t.pass('fits')"),
    'bad.test.js': testOf("t.equal(1, 2, 'one is two')"),
    node_modules: t.fixture('symlink', join(TREE, 'node_modules')),
  })
  // Copies the built plugins, because tap needs a minute to build them.
  cpSync(join(TREE, '.tap', 'plugins'), join(project, '.tap', 'plugins'), { recursive: true })
  const tap = realpathSync(join(TREE, 'node_modules', '.bin', 'tap'))
  // Removes the settings of the run that contains this test.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^_?TAP/.test(name)))
  const run = (...files: readonly string[]) =>
    spawnSync(process.execPath, [tap, `--reporter=${REPORTER}`, ...files], {
      ...{ cwd: project, env },
      encoding: 'utf8',
    })

  const failed = run('good.test.js', 'bad.test.js')
  t.equal(failed.status, 1)
  t.match(failed.stdout, /^TAP version 14\n1\.\.2\n/)
  t.match(failed.stdout, /^ok [12] - good\.test\.js # [12] of 2, [\d.]+ s, about [\d.]+ s left$/m)
  t.match(failed.stdout, /^not ok [12] - bad\.test\.js # [12] of 2, /m)
  t.match(failed.stdout, '# { total: 2, pass: 1, fail: 1 }')
  t.match(failed.stdout.split('# time=')[1], /FAIL {2}bad\.test\.js.*one is two/s)
  t.match(failed.stderr, /on standard error\n.*on standard error\n/s)

  const passed = run('good.test.js')
  t.equal(passed.status, 0)
  t.match(passed.stdout, '# { total: 1, pass: 1 }')
  t.notMatch(passed.stdout, 'FAIL')
  t.end()
})

t.test('the remaining time follows earlier durations, and the speed of this run', t => {
  const names = ['a', 'b', 'c']
  t.equal(
    timeLeftMs(names, { a: 10 }, { a: 10, b: 20, c: 30 }, 40),
    200,
    'the run is four times as slow as before',
  )
  t.equal(timeLeftMs(names, { a: 10 }, {}, 20), 40, 'an unknown file counts as average')
  t.equal(timeLeftMs(names, { a: 1, b: 1, c: 1 }, {}, 3), 0)
  t.end()
})
