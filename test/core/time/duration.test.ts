import t from 'tap'
import { durationMs, isDuration } from '../../../lib/core/time/duration.ts'

t.test('parses durations as people write them', async t => {
  for (const [text, ms] of [
    ['250ms', 250],
    ['20s', 20_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    [' 1s ', 1_000],
    [5, 5],
    [0.5, 0.5],
  ] as const) {
    t.equal(durationMs(text), ms)
    t.ok(isDuration(text))
  }
  for (const wrong of ['', '5', '-1s', '0s', '1 s', '1S', 's', '1e3s', '1s2', 0, -1, NaN, Infinity]) {
    t.throws(() => durationMs(wrong), { code: 'usage', message: /is not a duration/ }, String(wrong))
    t.notOk(isDuration(wrong))
  }
})
