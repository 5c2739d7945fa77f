import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { OBEYED, hostileProject, obeyedOutput, outputOf } from '../../fault/hostile-commands.ts'
import { newFolder } from '../../helpers/store/project.ts'

/** Every character that terminals obey, and characters that reverse text. */
const HOSTILE =
  'x\u001b]0;pwned\u0007\u001b[2J\u009d52;c;aGk=\u009c\u009b31m\u202e\u2066\u2028\u007f\r\u0085\b\u001by'

t.test('no command in any format prints an active control sequence', async t => {
  const root = newFolder()
  writeFileSync(join(root, 'automate.config.ts'), 'export default {}\n')
  await hostileProject(root, () => HOSTILE)
  t.same(await obeyedOutput(root), [])
})

/** Command lines with the word in each place in which it is invalid. */
const WRONG_LINES: readonly ((word: string) => readonly string[])[] = [
  word => [word],
  word => ['help', word],
  word => ['db', word],
  word => ['jobs', '1', word],
  word => ['completion', word],
  word => [`--${word}`],
  word => ['jobs', `--bo${word}`],
  word => ['jobs', `--lim${word}`],
  word => ['cancel', `-${word}`],
]

t.test('reports a wrong command line in one line, without active control sequences', async t => {
  for (const line of WRONG_LINES) {
    const output = await outputOf(line(`${HOSTILE}\n(Did you mean that?)`))
    const { length } = line('')
    t.match(output, /^automate-tui: .*x␛.*\n$/, `${length}`)
    t.notMatch(output.trimEnd(), OBEYED)
    t.notMatch(output.trimEnd(), '\n')
  }
})

t.test('reports a wrong command line without its secrets', async t => {
  const secret = 'canary-d41d8cd9'
  process.env['HOSTILE_COMMANDS_TOKEN'] = secret
  t.teardown(() => {
    delete process.env['HOSTILE_COMMANDS_TOKEN']
  })
  for (const line of WRONG_LINES) {
    const output = await outputOf(line(`a${secret}`))
    t.match(output, /\*\*\*/)
    t.notMatch(output, secret)
  }
  const output = await outputOf(['jobs', '--password=hunter2x'])
  t.match(output, "Unknown option '--password=***")
})
