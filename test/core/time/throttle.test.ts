import t from 'tap'
import { throttle } from '../../../lib/core/time/throttle.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'

t.test('runs the first of many requests at once, and the later ones together', async t => {
  const clock = new FakeClock()
  let done = 0
  const spaced = throttle(100, clock, () => done++)
  spaced.ask()
  t.equal(done, 1)
  spaced.ask()
  spaced.ask()
  t.equal(done, 1)
  clock.advance(100)
  t.equal(done, 2)
  clock.advance(1_000)
  t.equal(done, 2, 'without another request')
})

t.test('an immediate run replaces the pending one, and nothing runs after the end', async t => {
  const clock = new FakeClock()
  let done = 0
  const spaced = throttle(100, clock, () => done++)
  spaced.ask()
  spaced.ask()
  spaced.now()
  t.equal(done, 2)
  clock.advance(100)
  t.equal(done, 2)
  spaced.ask()
  spaced.ask()
  spaced.end()
  clock.advance(100)
  t.equal(done, 3)
  t.equal(clock.waiting, 0)
})
