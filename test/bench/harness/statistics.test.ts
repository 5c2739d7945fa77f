import t from 'tap'
import { median, roundRatios, summarise } from './statistics.ts'

t.test('the median is the middle value in any order', async t => {
  t.equal(median([9, 1, 5]), 5)
  t.equal(median([7]), 7)
})

t.test('the median of an even number of values is the mean of the two in the middle', async t => {
  t.equal(median([10, 1, 4, 2]), 3)
})

t.test('refuses the median of an empty list', async t => {
  t.throws(() => median([]), { code: 'bug' })
})

t.test('the median does not change its input', async t => {
  const values = [3, 1, 2]
  median(values)
  t.same(values, [3, 1, 2])
})

t.test('a ratio compares values of the same round, and skips a round that lacks one', async t => {
  t.same(roundRatios([10, 30, null, 8, 5], [5, 10, 4, null, 0]), [2, 3])
})

t.test('a temporarily slow machine does not change the ratio', async t => {
  const summary = summarise([20, 2, 22], [10, 1, 11])
  t.same(summary, { median: 20, ratio: 2, lowestRatio: 2, highestRatio: 2 })
})

t.test('a competitor that was never measured has no figures', async t => {
  t.same(summarise([null], [4]), { median: null, ratio: null, lowestRatio: null, highestRatio: null })
})
