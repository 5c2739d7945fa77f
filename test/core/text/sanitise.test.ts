import t from 'tap'
import { sanitiseBlock, sanitiseLine } from '../../../lib/core/text/sanitise.ts'
import { chosenSeed, randomFrom } from '../../fault/random.ts'

for (const [what, hostile, shown] of [
  ['a colour', 'a\u001b[1;31mred', 'a␛red'],
  ['a title', 'a\u001b]0;owned\u0007b', 'a␛b'],
  ['a link with its closing string', 'a\u001b]8;;http://x\u001b\\b', 'a␛b'],
  ['a device control string', 'a\u001bP+q544e\u001b\\b', 'a␛b'],
  ['a cleared screen', '\u001bc\u001b[2J\u001b[H', '␛␛␛'],
  ['an eight-bit sequence', 'a\u009b31mb', 'a␛b'],
  ['an escape that is cut off', 'a\u001b', 'a␛'],
  ['an escape within an escape', '\u001b\u001b[31m', '␛␛'],
  ['controls', 'a\u0000b\u0008c\u007fd\u0085e\u000bf', 'a·b·c·d·e·f'],
  ['an overwriting carriage return', 'good\rbad', 'good·bad'],
  ['reversed text', 'a\u202eb\u2066c\u200fd', 'a·b·c·d'],
  ['invisible characters', 'a\u200bb\ufeffc\u2060d', 'a·b·c·d'],
  ['half a surrogate pair', 'a\ud83db', 'a\ufffdb'],
  ['harmless text', 'città 東京 🧭 ✓', 'città 東京 🧭 ✓'],
  ['line ends', 'a\r\nb\nc\u2028d\te', 'a ⏎ b ⏎ c ⏎ d e'],
] as const) {
  t.test(`shows ${what} without obeying it`, async t => t.equal(sanitiseLine(hostile), shown))
}

t.test('keeps the lines and tabs of a block', async t => {
  t.equal(sanitiseBlock('a\r\n\tb\u001b[0m\n'), 'a\n\tb␛\n')
})

t.test('cuts a long text, also in the middle of a character or an escape', async t => {
  t.equal(sanitiseLine('x'.repeat(5_000)).length, 4_001)
  t.equal(sanitiseLine('abc🧭', 4), 'abc\ufffd…')
  t.equal(sanitiseLine('abc\u001b[31mred', 5), 'abc␛…')
  t.equal(sanitiseBlock('abc', 3), 'abc')
})

t.test('no mixture of hostile pieces leaves control characters; a second pass changes nothing', async t => {
  const seed = chosenSeed()
  const random = randomFrom(seed)
  const pieces = [
    '\u001b',
    '[',
    ']',
    '0;',
    'm',
    '\u0007',
    '\\',
    'P',
    '\u009b',
    '\u009d',
    '\n',
    '\r',
    'x',
    '\u202e',
    '\ud800',
    '🧭',
    '\u0000',
    '\u2029',
  ]
  for (let round = 0; round < 5_000; round++) {
    const text = Array.from({ length: 12 }, () => pieces[Math.floor(random() * pieces.length)]).join('')
    const line = sanitiseLine(text)
    const block = sanitiseBlock(text)
    if (
      /[\u0000-\u001f\u007f-\u009f\u202e\u2028\u2029]/.test(line) ||
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/.test(block) ||
      !line.isWellFormed() ||
      sanitiseLine(line) !== line
    ) {
      t.fail(`seed ${seed}, round ${round}: ${JSON.stringify(text)} gives ${JSON.stringify(line)}`)
      return
    }
  }
  t.pass()
})
