import t from 'tap'
import { isSize, sizeBytes, sizeText } from '../../../lib/core/text/size.ts'

t.test('parses sizes as people write them', async t => {
  for (const [text, bytes] of [
    ['512B', 512],
    ['64KB', 65_536],
    ['1.5MB', 1_572_864],
    [' 2 GB ', 2_147_483_648],
  ] as const) {
    t.equal(sizeBytes(text), bytes)
    t.ok(isSize(text))
  }
  for (const wrong of ['', '5', '-1MB', '0GB', '1mb', 'MB', '1e3MB', '1MB2', '1TB']) {
    t.throws(() => sizeBytes(wrong), { code: 'usage', message: /is not a size/ }, wrong)
    t.notOk(isSize(wrong))
  }
})

t.test('prints a size in its largest unit, with at most one decimal', async t => {
  for (const [bytes, text] of [
    [0, '0B'],
    [1_023, '1023B'],
    [65_536, '64KB'],
    [1_600_000, '1.5MB'],
    [4_294_967_296, '4GB'],
  ] as const)
    t.equal(sizeText(bytes), text)
})
