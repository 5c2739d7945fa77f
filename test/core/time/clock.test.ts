import { mock } from 'node:test'
import t from 'tap'
import type { Test } from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Replaces the timers of Node until the test has ended. */
function mockTimers(t: Pick<Test, 'teardown'>): void {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
}

/**
 * Moves the time by the hour, because a timer that is set while the mocked time moves counts from
 * the end of that move.
 */
function passDays(days: number): void {
  for (let hour = 0; hour < days * 24; hour++) mock.timers.tick(HOUR_MS)
}

t.test('runs a callback once after two months, not at once', t => {
  mockTimers(t)
  let calls = 0
  systemClock.after(60 * DAY_MS, () => calls++)
  passDays(59)
  t.equal(calls, 0)
  passDays(2)
  t.equal(calls, 1)
  t.end()
})

t.test('cancels a callback in two months at any time before it', t => {
  mockTimers(t)
  let calls = 0
  const count = () => calls++
  const forgetEarly = systemClock.after(60 * DAY_MS, count)
  const forgetLate = systemClock.after(60 * DAY_MS, count)
  forgetEarly()
  passDays(59)
  forgetLate()
  passDays(30)
  t.equal(calls, 0)
  t.end()
})
