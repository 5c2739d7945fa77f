import { Linter } from 'eslint'
import t from 'tap'
import { commentStyle } from '../../scripts/lint/comment-style.ts'

/** Returns the messages and lines that the rule reports for a source. */
function reported(source: string): string[] {
  const config = {
    plugins: { prose: { rules: { 'comment-style': commentStyle } } },
    rules: { 'prose/comment-style': 'error' as const },
  }
  return new Linter().verify(source, config).map(({ messageId, line }) => `${messageId} ${line}`)
}

const LONG = 'a word '.repeat(15)

t.test('finds a docblock that begins with a question word', async t => {
  for (const text of ['What a job left.', 'Whether it runs.', 'How many there are.', 'Returns what is left.'])
    t.strictSame(reported(`/** ${text} */\nconst a = 1`), ['question 1'], text)
  t.strictSame(reported('/**\n * When it ended.\n */\nconst a = 1'), ['question 1'])
  for (const text of ['Returns the jobs.', 'Whatever a page sends.', 'Deadline of a phase.'])
    t.strictSame(reported(`/** ${text} */\nconst a = 1`), [], text)
})

t.test('finds a comment beyond 100 columns, and ignores code', async t => {
  t.strictSame(reported(`// ${LONG}`), ['long 1'])
  t.strictSame(reported(`/**\n * Returns.\n * ${LONG}\n */\nconst a = 1`), ['long 3'])
  t.strictSame(reported(`const a = '${LONG}' // short`), [])
  t.strictSame(reported(`// https://example.com/${'x'.repeat(100)}`), [])
  t.strictSame(reported(`// @ts-expect-error ${LONG}`), [])
})
