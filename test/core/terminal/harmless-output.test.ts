import t from 'tap'
import { HarmlessStream } from '../../../lib/core/terminal/harmless-stream.ts'
import { terminalJson } from '../../../lib/core/terminal/terminal-json.ts'
import { HostileStrings } from '../../fault/hostile-strings.ts'
import { chosenSeed, randomFrom } from '../../fault/random.ts'

const STRINGS = 400

const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/

t.test('JSON for a terminal keeps its value, and contains no control characters', async t => {
  const seed = chosenSeed()
  t.comment(`FAULT_SEED=${seed}`)
  const texts = new HostileStrings(randomFrom(seed))
  const wrong = Array.from({ length: STRINGS }, () => texts.next()).filter(text => {
    const value = { [text]: [text, 1, null] }
    const json = terminalJson(value)
    return OBEYED.test(json) || JSON.stringify(JSON.parse(json)) !== JSON.stringify(value)
  })
  t.same(wrong, [])
})

t.test('keeps colours in the output of another program, and replaces other controls', async t => {
  const text = 'a\u001b[1;31mred\u001b[0m\tb\u001b]0;title\u0007\u009b2J\u001b[2J\u202e\r\nend'
  const shown = 'a\u001b[1;31mred\u001b[0m\tb␛␛␛·\nend'
  for (let at = 0; at <= text.length; at++) {
    const stream = new HarmlessStream()
    t.equal(stream.write(text.slice(0, at)) + stream.write(text.slice(at)) + stream.end(), shown)
  }
})

t.test('an endless sequence does not delay output for long', async t => {
  const stream = new HarmlessStream()
  let written = stream.write('\u001b]0;')
  for (let n = 0; n < 100; n++) written += stream.write('x'.repeat(100))
  t.ok(written.length > 0)
  t.notMatch(written + stream.end(), OBEYED)
})
