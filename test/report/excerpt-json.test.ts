import t from 'tap'
import { redactJson, redactText } from '../../lib/core/text/redact.ts'
import { excerptJson } from '../../lib/report/excerpt-json.ts'

t.test('does not shorten a result that fits on a screen', async t => {
  const value = { list: [1, 'two', null, { three: true }], text: 'x'.repeat(50_000), none: null }
  t.strictSame(excerptJson(value), value)
  for (const simple of ['text', 1, true, null]) t.strictSame(excerptJson(simple), simple)
})

t.test('keeps the beginning of a longer result', async t => {
  const text = excerptJson('x'.repeat(1_000_000))
  t.equal(typeof text === 'string' ? text.length : 0, 100_000)
  const list = excerptJson(Array.from({ length: 100_000 }, (_, n) => n))
  t.match(JSON.stringify(list), /^\[0,1,2,.*,4999,"…"\]$/)
  const object = excerptJson(Object.fromEntries(Array.from({ length: 6_000 }, (_, n) => [`f${n}`, n])))
  t.match(JSON.stringify(object), /"f4999":4999,"…":"…"\}$/)
})

t.test('shortens and redacts a result of many megabytes quickly', async t => {
  const result = { pages: Array.from({ length: 50 }, () => 'eyJaaaaaa-a-http://'.repeat(20_000)) }
  const before = process.cpuUsage()
  redactJson(excerptJson(result), redactText)
  t.ok(
    process.cpuUsage(before).user < 1_000_000,
    'it takes less than a second of CPU time, instead of minutes for the whole',
  )
})
