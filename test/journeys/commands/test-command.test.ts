import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

/** The fixtures that the tests use. */
const workflows: readonly string[] = []

const passing = (title: string) => `import { test } from 'node:test'\ntest('${title}', () => {})\n`

t.test('runs tests to their end after the reader of their output has exited', async t => {
  const site = await gatedSite('')
  t.teardown(site.close)
  const gated = `${passing('first')}test('goes on', async () => void (await fetch('${site.url}/gate')))\n`
  const project = new JourneyProject(t, newFolder(), { workflows, files: { 'gated.test.ts': gated } })
  const tests = project.start(['test', 'gated.test.ts'])
  await until('the line of the first test', () => tests.stdout.includes('first'))
  tests.hangUp()
  await site.open('/gate')
  t.match(await tests.ended, { code: 0, stderr: '' })
})

t.test('selects tests by file, by folder and by pattern', async t => {
  const project = new JourneyProject(t, newFolder(), {
    workflows,
    files: { 'one.test.ts': passing('one'), 'workflows/two.test.ts': passing('two') },
  })
  mkdirSync(join(project.root, 'empty'))
  for (const [name, titles] of [
    ['one.test.ts', ['one']],
    ['workflows', ['two']],
    ['.', ['one', 'two']],
    ['o*.test.ts', ['one']],
  ] as const) {
    const { code, stdout } = await project.run(['test', name])
    t.equal(code, 0, name)
    t.same(
      ['one', 'two'].filter(title => stdout.includes(title)),
      titles,
    )
  }
  for (const name of ['nope.test.ts', 'empty', 'x*.ts']) {
    const { code, stdout, stderr } = await project.run(['test', name])
    t.equal(code, 2, name)
    t.equal(stdout, '')
    t.match(stderr, `automate-tui: There is no test "${name}" in `)
  }
})

t.test('the output of tests contains no secret that the project knows', async t => {
  const said = `import { test } from 'node:test'
const secret = process.env.SHOP_PASSWORD
console.log('logs in with ' + secret)
process.stderr.write(secret.slice(0, 5))
process.stderr.write(secret.slice(5) + '\\n')
test('shop ' + secret, () => {})
test('till ' + secret, () => { throw new Error('refused ' + secret) })
`
  const project = new JourneyProject(t, newFolder(), {
    workflows,
    files: { '.env': `SHOP_PASSWORD='canary/of the "tests"'\n`, 'said.test.ts': said },
  })
  const { code, stdout, stderr } = await project.run(['test', 'said.test.ts'])
  t.equal(code, 1, stderr)
  t.match(stdout, 'logs in with ***')
  t.match(stdout, 'shop ***')
  t.match(stdout, 'refused ***')
  t.notMatch(stdout + stderr, 'canary')
})
