import t from 'tap'
import { Tokenizer } from '../../../screens/terminal/tokens.ts'

const ESC = '\u001b'
const keysOf = (...chunks: readonly string[]) => {
  const tokenizer = new Tokenizer()
  const tokens = [...chunks.flatMap(chunk => tokenizer.feed(chunk)), ...tokenizer.flush()]
  return tokens.map(token => (token.type === 'key' ? token.key : token.type))
}

t.test('one key is one token', async t => {
  t.same(keysOf('\r'), ['enter'])
  t.same(keysOf('\n'), ['enter'])
  t.same(keysOf('q', 'Q', '?', '\t', ' ', '\u007f'), ['q', 'Q', '?', 'tab', 'space', 'backspace'])
  t.same(keysOf('\u0003', '\u000c'), ['C-c', 'C-l'])
  t.same(keysOf(`${ESC}[A${ESC}OB${ESC}[5~${ESC}[Z${ESC}[1;5C`), ['up', 'down', 'pageup', 'S-tab', 'C-right'])
  t.same(keysOf('è漢🍷'), ['è', '漢', '🍷'])
})

t.test('a sequence that arrives in pieces is one key, and no letters', async t => {
  t.same(keysOf(ESC, '[', '5', '~'), ['pageup'])
  t.same(keysOf(`${ESC}[1`, ';5A'), ['C-up'])
})

t.test('a lone ESC is the Esc key if no more input follows', async t => {
  const tokenizer = new Tokenizer()
  t.same(tokenizer.feed(ESC), [])
  t.ok(tokenizer.waiting)
  t.same(tokenizer.flush(), [{ type: 'key', key: 'escape' }])
  t.notOk(tokenizer.waiting)
  t.same(tokenizer.feed('q'), [{ type: 'key', key: 'q' }])
})

t.test('a paste is one token however it is cut, and presses no keys', async t => {
  const paste = `a${ESC}[200~qqq\r${ESC}[A${ESC}[201~b`
  for (let at = 1; at < paste.length; at += 1) {
    if (paste.slice(0, at).endsWith(ESC) && at < 3) continue
    t.same(keysOf(paste.slice(0, at), paste.slice(at)), ['a', 'paste', 'b'], `cut at ${at}`)
  }
})

t.test('a mouse report and a key in one piece are both recognized', async t => {
  const tokenizer = new Tokenizer()
  t.same(tokenizer.feed(`${ESC}[<0;12;3Mx${ESC}[<0;12;3m${ESC}[<65;1;1M`), [
    { type: 'press', column: 11, row: 2 },
    { type: 'key', key: 'x' },
    { type: 'wheel', column: 0, row: 0, lines: 3 },
  ])
})

t.test('unknown sequences are swallowed or named, never stuck', async t => {
  t.same(keysOf(`${ESC}[999;999z`, 'k'), ['k'])
  t.same(keysOf(`${ESC}q`), ['M-q'])
  t.same(keysOf(`${ESC}[${'1;'.repeat(60)}`, 'k').at(-1), 'k')
})
