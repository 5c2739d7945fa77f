import t from 'tap'
import { ControlLoop } from '../../lib/control/control-loop.ts'
import { FakeClock } from '../helpers/fake-clock.ts'

/**
 * Creates turns that each want another turn one second later. The turns take the times in `tookMs`,
 * and then no time.
 */
function longTurns(clock: FakeClock, tookMs: number[]) {
  const { promise: rested, resolve } = Promise.withResolvers<undefined>()
  const seen = { due: 0, taken: 0 }
  const turns = new ControlLoop({
    clock,
    take: () => {
      seen.taken += 1
      const wakeAt = clock.now() + 1_000
      clock.advance(tookMs.shift() ?? 0)
      return Promise.resolve({ acted: false, wakeAt })
    },
    failed: thrown => {
      throw thrown
    },
    due: () => (seen.due += 1),
    rest: () => resolve(undefined),
  })
  turns.wake()
  return { turns, rested, seen }
}

t.test('a long turn does not postpone due work', async t => {
  const clock = new FakeClock()
  const { turns, rested, seen } = longTurns(clock, [990])
  await rested
  t.ok(clock.isDueIn(10))
  clock.advance(10)
  t.same(seen, { due: 1, taken: 2 })
  await turns.close()
})

t.test('turns that perform no due work leave pauses between them', async t => {
  const clock = new FakeClock()
  const { promise: rested, resolve } = Promise.withResolvers<undefined>()
  let taken = 0
  const turns = new ControlLoop({
    clock,
    take: () => Promise.resolve({ acted: false, wakeAt: ++taken > 9 ? null : clock.now() }),
    failed: thrown => {
      throw thrown
    },
    due: () => undefined,
    rest: () => resolve(undefined),
  })
  turns.wake()
  await rested
  t.equal(taken, 1)
  clock.advance(100)
  await turns.close()
  t.equal(taken, 2)
})

t.test('work that became due in a turn is performed in another turn at once', async t => {
  const clock = new FakeClock()
  const { turns, rested, seen } = longTurns(clock, [1_000])
  await rested
  t.same(seen, { due: 1, taken: 2 })
  t.ok(clock.isDueIn(1_000))
  await turns.close()
})
