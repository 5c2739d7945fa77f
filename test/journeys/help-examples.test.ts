import t from 'tap'
import { EXAMPLES, commandsOf } from '../../bin/examples.ts'
import { buildProgram } from '../../bin/program.ts'

/** The words of an example behind the program's name, as a shell gives them. */
function wordsOf(line: string): string[] {
  const [, rest = ''] = /automate-tui\b([^|>)]*)/.exec(line) ?? []
  return [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
}

/** The command that a command line means, by the words that name it; fails on what cannot be. */
async function meantBy(words: readonly string[]): Promise<string> {
  const program = buildProgram(() => undefined)
  const meant: string[] = []
  for (const [path, command] of commandsOf(program)) command.action(() => void meant.push(path))
  program.configureOutput({ writeErr: () => undefined, outputError: () => undefined })
  await program.parseAsync(words, { from: 'user' })
  return meant[0] ?? 'nothing'
}

t.test('the help of every command has examples', t => {
  const paths = commandsOf(buildProgram(() => undefined)).map(([path]) => path)
  t.same(Object.keys(EXAMPLES).toSorted(), paths.filter(path => path !== 'complete').toSorted())
  for (const [path, examples] of Object.entries(EXAMPLES)) t.ok(examples.length > 0, path)
  t.end()
})

t.test('every example is a command line that there is', async t => {
  for (const [path, examples] of Object.entries(EXAMPLES)) {
    for (const [line] of examples) {
      const meant = await meantBy(wordsOf(line))
      t.ok(path === '' || meant === path || meant.startsWith(`${path} `), `${line} means ${meant}`)
    }
  }
  await t.rejects(meantBy(['jobs', '--nonsense']), /unknown option/)
})
