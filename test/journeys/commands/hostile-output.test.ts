import t from 'tap'
import { OBEYED } from '../../fault/hostile-commands.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

/** The fixtures that the tests use. */
const workflows = ['says-hostile']

/**
 * Title of a hostile page. A terminal that obeys C1 would set its title, its clipboard and its
 * colours.
 */
const HOSTILE = 'x\u001b]0;pwned\u0007\u009d52;c;aGk=\u009c\u009b31m\u202e\u2028\u007f\r\u0085'

/** Colours of Node's own test runner. */
const COLOURS = /\u001b\[[0-9;]*m/g

t.test('no text of a page reaches a terminal as a control sequence, however its workflow runs', async t => {
  const project = new JourneyProject(t, newFolder(), {
    workflows,
    files: {
      'input.json': JSON.stringify({ text: HOSTILE }),
      'failing.json': JSON.stringify({ text: HOSTILE, fails: true }),
      'hostile.test.mjs': `import test from 'node:test'
const text = ${JSON.stringify(HOSTILE)}
test(text, () => {
  console.log(text)
  throw new Error(text)
})
`,
    },
  })
  const results = []
  for (const line of [
    'run says-hostile --input-file input.json',
    'run says-hostile --input-file input.json --json',
    'worker says-hostile --input-file input.json',
    'worker says-hostile --input-file failing.json --json',
    'test hostile.test.mjs',
  ]) {
    const { stdout, stderr } = await project.run(line.split(' '))
    const sent = (stdout + stderr).replaceAll(COLOURS, '')
    t.match(sent, /52;c;aGk=/, `${line}: shows the text`)
    t.notMatch(sent, OBEYED, `${line}: ${JSON.stringify(OBEYED.exec(sent))}`)
    if (line.includes('worker')) continue
    if (line.startsWith('run')) results.push(JSON.parse(stdout))
  }
  t.match(results, [{ title: HOSTILE }, { state: 'succeeded', result: { title: HOSTILE } }])
})

t.test('a scheduler without a console and "logs --follow" print no control sequence either', async t => {
  for (const format of [[], ['--json']]) {
    const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
    await project.enqueue('says-hostile', { text: HOSTILE })
    await project.enqueue('says-hostile', { text: HOSTILE, fails: 'true' })
    const log = project.start(['logs', '--follow', ...format])
    const { code, stdout, stderr } = await project.run(['--no-tui', '--until-idle', ...format])
    t.equal(code, 1, 'one job succeeds and one fails')
    await until('both jobs in the log', () => log.stdout.split('52;c;aGk=').length > 2)
    await log.kill()
    for (const [name, sent] of Object.entries({ stdout, stderr, log: log.stdout + log.stderr })) {
      if (name !== 'stderr') t.match(sent, /52;c;aGk=/, `${name} ${format.join('')}: shows the text`)
      t.notMatch(sent, OBEYED, `${name}: ${JSON.stringify(OBEYED.exec(sent))}`)
    }
  }
})

t.test('a refusal in JSON contains no control sequence of the given name', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const { code, stdout, stderr } = await project.run(['worker', 'x\u009b31m\u202e', '--json'])
  t.equal(code, 2)
  t.match(JSON.parse(stdout), { error: { code: 'workflow-missing' } })
  t.notMatch(stdout + stderr, OBEYED)
})
