import { setFlagsFromString } from 'node:v8'
import t from 'tap'
import { compileSafeRegex } from '../../../lib/core/text/safe-regex.ts'

t.test('compiles and runs a valid expression', async t => {
  for (const [source, text, found] of [
    ['^a|b$', 'xb', true],
    ['[0-9]{3}', 'no 42', false],
    ['\\bworker\\b.*(slow|late)', 'the worker is late', true],
    ['è.', 'caffè!', true],
    ['', 'anything', true],
  ] as const) {
    const compiled = compileSafeRegex(source)
    t.ok(compiled.ok, source)
    if (compiled.ok) t.equal(compiled.expression.test(text), found, source)
  }
})

t.test('refuses an invalid or non-linear expression with a reason', async t => {
  for (const source of ['(', '[b-a]', '(a)\\1', '(?=a)a', '((a{0,99}){0,99}){0,99}']) {
    const compiled = compileSafeRegex(source)
    t.notOk(compiled.ok, source)
    if (!compiled.ok) t.match(compiled.problem, /^[A-Z][^/]+$/, 'only the reason')
  }
})

t.test('matches in linear time where backtracking would take exponential time', async t => {
  const compiled = compileSafeRegex('^(a+)+$')
  t.ok(compiled.ok)
  if (!compiled.ok) return
  // Backtracking would take longer than the universe has existed.
  t.notOk(compiled.expression.test(`${'a'.repeat(10_000)}!`))
})

t.test('runs no expression that could backtrack if V8 lacks the linear engine', async t => {
  const lost = () => setFlagsFromString('--no-enable-experimental-regexp-engine')
  for (const [source, text, found] of [
    ['^error|warn$', 'a warn', true],
    ['job [0-9][^*+?{(]', 'job 42', true],
    ['\\bworker\\b \\(1\\) costs 2\\.50\\?', 'the worker (1) costs 2.50?', true],
    ['[\\]*]', 'a*', true],
    ['wor.er', 'worker', true],
    ['', 'anything', true],
    ['^x', 'yx', false],
  ] as const) {
    const compiled = compileSafeRegex(source, lost)
    t.ok(compiled.ok, source)
    if (compiled.ok) t.equal(compiled.expression.test(text), found, source)
  }
  for (const source of [
    '^(a+)+$',
    'a*',
    'a+',
    'a?a?a?',
    'a{2}',
    '(a|a)(a|a)',
    '(?=a)a',
    '[a]\\1',
    '\\\\+',
    '[\\]]*',
  ]) {
    const compiled = compileSafeRegex(source, lost)
    t.notOk(compiled.ok, source)
    if (!compiled.ok) t.match(compiled.problem, 'This version of Node cannot search safely')
  }
  t.notOk(compileSafeRegex('(', lost).ok)
  const again = compileSafeRegex('^(a+)+$')
  t.ok(again.ok, 'the engine is used if V8 has it')
})
