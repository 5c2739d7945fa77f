import t from 'tap'
import { LONGEST_LINE, NO_TEXT, edited, inserted, lineOf, textOf } from '../../screens/line.ts'
import type { Line } from '../../screens/line.ts'

const typed = (line: Line, ...keys: readonly string[]): Line =>
  keys.reduce((now, key) => edited(now, key) ?? now, line)

t.test('keys insert text at the cursor', async t => {
  t.equal(textOf(typed(NO_TEXT, 'a', 'c', 'left', 'b', 'end', 'space', '🍷', 'è')), 'abc 🍷è')
  t.equal(textOf(typed(lineOf('abc'), 'home', 'delete', 'right', 'backspace')), 'c')
  t.equal(textOf(typed(lineOf('🍷x'), 'left', 'backspace')), 'x', 'a character is deleted whole')
})

t.test('keys move and delete by words and to the ends', async t => {
  t.equal(textOf(typed(lineOf('one two  three'), 'C-w', 'C-w')), 'one ')
  t.equal(textOf(typed(lineOf('one two'), 'left', 'C-w')), 'one o')
  t.equal(textOf(typed(lineOf('one two'), 'C-a', 'right', 'C-k')), 'o')
  t.equal(textOf(typed(lineOf('one two'), 'left', 'C-u')), 'o')
  t.equal(textOf(typed(lineOf('x'), 'backspace', 'backspace', 'delete', 'left')), '')
})

t.test('other keys edit nothing', async t => {
  for (const key of ['enter', 'tab', 'up', 'C-l', 'M-x', 'escape', 'pageup'])
    t.equal(edited(NO_TEXT, key), undefined)
})

t.test('a paste is inserted at the cursor, escaped and shortened', async t => {
  t.equal(textOf(inserted({ ...lineOf('ad'), cursor: 1 }, 'b\u001b[31mc\n')), 'ab␛c ⏎ d')
  t.equal(lineOf('x'.repeat(10_000)).characters.length, LONGEST_LINE)
})
