import t from 'tap'
import { cellsOf, cut, cutStart, fit, textWidth, wrap } from '../../screens/view/drawing/text.ts'

t.test('measures text in cells', async t => {
  t.equal(textWidth('abc'), 3)
  t.equal(textWidth('北京'), 4)
  t.equal(textWidth('e\u0301'), 1, 'a combined letter')
  t.equal(textWidth('🍷'), 1, 'replaced by a character of width 1')
  t.same(cellsOf('a\u001b[31mb'), ['a', '·', '[', '3', '1', 'm', 'b'])
  t.same(cellsOf('\u202eabc\u200b'), ['a', 'b', 'c'])
})

t.test('a cut never splits a wide character', async t => {
  t.equal(cut('abcdef', 4), 'abc…')
  t.equal(cut('北京市', 4), '北… ')
  t.equal(cut('北京', 4), '北京')
  t.equal(cutStart('abcdef', 4), '…def')
  t.equal(cutStart('北京市', 4), '… 市')
  t.equal(cutStart('北京', 4), '北京')
  for (let width = 0; width < 9; width += 1) {
    t.equal(textWidth(fit('a北b京c', width)), width)
    t.equal(textWidth(cutStart('a北b京c', width)), Math.min(7, width))
  }
})

t.test('wraps text between words, and inside words that are too long', async t => {
  t.same(wrap('one two three', 7), ['one two', 'three'])
  t.same(wrap('abcdefgh', 3), ['abc', 'def', 'gh'])
  t.ok(wrap('北京市 北京市', 3).every(line => textWidth(line) <= 3))
})

t.test('replaces characters of terminal-dependent width, and counts wide ones as wide', async t => {
  for (const sign of ['\u06de', '\u2ff0', '\u31e5', '\u3248', '\u4dc0']) t.same(cellsOf(sign), ['□'])
  for (const sign of ['\ufe10', '\ufe30', '\ufe6b']) t.same(cellsOf(sign), [sign, ''])
})
