import t from 'tap'
import { EXAMPLES, commandsOf } from '../../../bin/program/examples.ts'
import { buildProgram } from '../../../bin/program/program.ts'
import { parseCommand, wordsOf } from '../../helpers/program/parse-command.ts'

/** Hidden commands, called by other programs. */
const HIDDEN = ['complete', 'check-start']

t.test('the help of every command has examples', t => {
  const paths = commandsOf(buildProgram(() => undefined)).map(([path]) => path)
  t.same(Object.keys(EXAMPLES).toSorted(), paths.filter(path => !HIDDEN.includes(path)).toSorted())
  for (const [path, examples] of Object.entries(EXAMPLES)) t.ok(examples.length > 0, path)
  t.end()
})

t.test('every example is a valid command line', async t => {
  for (const [path, examples] of Object.entries(EXAMPLES)) {
    for (const [line] of examples) {
      const meant = await parseCommand(wordsOf(line))
      t.ok(path === '' || meant === path || meant.startsWith(`${path} `), `${line} means ${meant}`)
    }
  }
  await t.rejects(parseCommand(['jobs', '--nonsense']), /unknown option/)
})

t.test('the help of every command names each option once, and only useful defaults', t => {
  for (const [path, command] of commandsOf(buildProgram(() => undefined))) {
    const help = command.helpInformation()
    const options = [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, long]) => long)
    t.equal(new Set(options).size, options.length, `${path}: ${options.join(' ')}`)
    t.notMatch(help, /\(default: (?:false|\[|")/, path)
  }
  t.end()
})
