import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { automate } from '../../helpers/program/automate.ts'
import { pathWithProgram } from '../../helpers/program/on-path.ts'
import { newFolder } from '../../helpers/store/project.ts'

t.test('a new project runs at once: its workflow, its test, and another workflow', async t => {
  const above = newFolder()
  const made = await automate(t, ['init', 'wine shop', '--language', 'it'], { cwd: above })
  t.equal(made.code, 0, made.stderr)
  t.match(
    made.stdout,
    /Il progetto è in .*wine shop:[^]*cd "wine shop"[^]*automate-tui\.[tj]s" run page-title/,
  )
  const root = join(above, 'wine shop')
  const read = (path: string) => readFileSync(join(root, path), 'utf8')
  t.same(
    readdirSync(root).toSorted(),
    [
      ...['.env', '.gitignore', 'README.md', 'automate.config.ts', 'data', 'package.json', 'tsconfig.json'],
      'workflows',
    ].toSorted(),
  )
  for (const name of process.platform === 'win32' ? [] : ['.env', 'automate.config.ts'])
    t.equal(statSync(join(root, name)).mode & 0o777, 0o600, `${name} is private`)
  t.match(read('README.md'), /^# wine shop\n\nProcedure per il browser/)
  t.match(JSON.parse(read('package.json')), { name: 'wine-shop', scripts: { test: 'automate-tui test' } })
  for (const line of ['data/', 'logs/', '.env']) t.ok(read('.gitignore').split('\n').includes(line))

  const run = await automate(t, ['run', 'page-title'], { cwd: root })
  t.equal(run.code, 0, run.stderr)
  t.same(JSON.parse(run.stdout), { title: 'It works' })
  const tests = await automate(t, ['test'], { cwd: join(root, 'workflows') })
  t.equal(tests.code, 0, tests.stdout)
  t.match(tests.stdout, /pass 2/)

  const another = await automate(t, ['new', 'workflow', 'other'], { cwd: root })
  t.equal(another.code, 0, another.stderr)
  t.match(read(join('workflows', 'other.ts')), /name: 'other'/)
  t.match(read(join('workflows', 'other.test.ts')), /runWorkflow\('other'/)
  writeFileSync(
    join(root, 'wrong.test.ts'),
    `import assert from 'node:assert/strict'
     import { test } from 'node:test'
     import { runWorkflow } from 'automate-tui/testing'
     test('there is none', () => assert.rejects(runWorkflow('absent'), { code: 'workflow-missing', message: /The workflows are: other, page-title/ }))
     test('it does not fit', () => assert.rejects(runWorkflow('other', { url: 7 }), { code: 'input-invalid', message: /url/ }))
     test('it is mistyped', () => assert.rejects(runWorkflow('other', { ulr: 'x' }), { code: 'input-invalid', message: /ulr/ }))
     test('it fails', () => assert.fail('of course'))`,
  )
  const failing = await automate(t, ['test', 'wrong.test.ts'], { cwd: root })
  t.equal(failing.code, 1)
  t.match(failing.stdout, /pass 3[^]*fail 1[^]*of course/)
})

t.test('init overwrites nothing', async t => {
  const root = newFolder()
  mkdirSync(join(root, 'workflows'))
  writeFileSync(join(root, 'README.md'), 'mine')
  writeFileSync(join(root, '.gitignore'), 'mine')
  writeFileSync(join(root, 'workflows', 'page-title.ts'), 'mine')
  const refused = await automate(t, ['init'], { cwd: root })
  t.equal(refused.code, 2)
  t.match(refused.stderr, / already contains workflows.page-title\.ts.*, and no file is overwritten/)
  t.same(readdirSync(root).toSorted(), ['.gitignore', 'README.md', 'workflows'])

  const elsewhere = newFolder()
  writeFileSync(join(elsewhere, 'README.md'), 'mine')
  writeFileSync(join(elsewhere, '.gitignore'), 'mine')
  const made = await automate(t, ['init', elsewhere], { cwd: root, env: { PATH: pathWithProgram() } })
  t.equal(made.code, 0, made.stderr)
  t.match(
    made.stdout,
    /README\.md already exists[^]*\.gitignore already exists.* Add to it: node_modules\/, data\/, logs\/, \.env/,
  )
  t.match(
    made.stdout,
    /^ {2}automate-tui run page-title/m,
    'the program is on the search path, so the help uses its name',
  )
  t.equal(readFileSync(join(elsewhere, 'README.md'), 'utf8'), 'mine')
  for (const [args, says] of [
    [['init'], /is already a project, because it contains automate\.config\.ts/],
    [['new', 'workflow', 'page-title'], / already contains .*page-title\.ts and .*page-title\.test\.ts, /],
    [['new', 'workflow', '../out'], /"\.\.\/out" is not valid: a workflow name has at most 60 characters/],
  ] as const) {
    const { code, stderr } = await automate(t, args, { cwd: elsewhere })
    t.equal(code, 2, args.join(' '))
    t.match(stderr, says)
  }
})

t.test(
  'refuses a project in a folder that cannot be written',
  { skip: process.platform !== 'linux' && 'only Linux has /proc' },
  async t => {
    const made = await automate(t, ['init', '/proc/automate-tui'])
    t.match(made, { code: 4, stdout: /^$/, stderr: 'automate-tui: No folder can be created in /proc.' })
  },
)
