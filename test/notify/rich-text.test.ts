import t from 'tap'
import { bold, code, htmlText, plain, plainText, splitText } from '../../lib/notify/rich-text.ts'
import { randomFrom } from '../fault/random.ts'

t.test('escapes text, and writes styles as tags', t => {
  t.equal(
    htmlText([bold('a < b'), plain(' & '), code('<b>&amp;</b>')]),
    '<b>a &lt; b</b> &amp; <code>&lt;b&gt;&amp;amp;&lt;/b&gt;</code>',
  )
  t.end()
})

t.test('splits at a line end if one is near, and continues without it', t => {
  const pieces = splitText([plain('first line\nsecond line\nthird')], 24)
  t.strictSame(pieces.map(plainText), ['first line\nsecond line', 'third'])
  t.strictSame(splitText([plain('a'.repeat(25))], 10).map(plainText), [
    'a'.repeat(10),
    'a'.repeat(10),
    'a'.repeat(5),
  ])
  t.strictSame(splitText([plain('')], 10), [])
  t.end()
})

t.test('any split keeps the limit and all text, and divides no character and no tag', t => {
  const random = randomFrom(5)
  const words = ['<', '&', '\n', '😀', 'é', 'plain ', '&lt;', '</b>', '👩‍👩‍👧']
  const any = () =>
    Array.from({ length: 1 + random() * 60 }, () => words[Math.floor(random() * words.length)]).join('')
  for (let round = 0; round < 500; round += 1) {
    const rich = [bold(any()), plain(any()), code(any()), plain(any())]
    const limit = 2 + Math.floor(random() * 40)
    const pieces = splitText(rich, limit)
    const squeezed = (text: string) => text.replace(/\s+/g, '')
    if (pieces.some(piece => plainText(piece).length > limit))
      t.fail(`too long: ${JSON.stringify(rich)} at ${limit}`)
    if (!pieces.every(piece => plainText(piece).isWellFormed()))
      t.fail(`half a character: ${JSON.stringify(rich)} at ${limit}`)
    if (squeezed(pieces.map(plainText).join('')) !== squeezed(plainText(rich)))
      t.fail(`lost: ${JSON.stringify(rich)} at ${limit}`)
    for (const piece of pieces) {
      const html = htmlText(piece)
      const rest = html.replace(/<(b|code)>[^<>]*<\/\1>/g, '').replace(/&(?:amp|lt|gt);/g, '')
      if (/[<>&]/.test(rest)) t.fail(`torn markup: ${html}`)
    }
  }
  t.pass('500 texts were split')
  t.end()
})
