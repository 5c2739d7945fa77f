import t from 'tap'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import { watchPhase } from '../../../lib/execution/phases/phase-control.ts'
import { racePhase } from '../../../lib/execution/phases/race-phase.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { until } from '../../helpers/until.ts'

function begin(enders: AbortSignal[] = []) {
  const clock = new FakeClock()
  const strays: unknown[] = []
  const interruption = watchPhase({ name: 'open', timeoutMs: 100 }, enders, clock)
  const { promise: work, resolve, reject } = Promise.withResolvers<string>()
  const raced = (graceMs: number) =>
    racePhase(work, {
      signal: interruption.signal,
      graceMs: () => graceMs,
      clock,
      stray: error => strays.push(error),
    })
  return { clock, strays, interruption, resolve, reject, raced }
}

t.test('work that ends in time counts, and leaves no timer', async t => {
  const { clock, interruption, resolve, raced } = begin()
  const result = raced(0)
  resolve('done')
  t.equal(await result, 'done')
  interruption.end()
  t.equal(clock.waiting, 0)
})

t.test('at its timeout a phase gets its grace, and then fails whatever the work does', async t => {
  const { clock, strays, reject, raced } = begin()
  const result = raced(50)
  clock.advance(100)
  await until('the grace to run', () => clock.waiting > 0)
  clock.advance(50)
  await t.rejects(result, { code: 'phase-timeout', message: /"open".*100 ms/ })
  reject(new Error('too late'))
  await until('the stray', () => strays.length > 0)
  t.match(strays, [{ message: 'too late' }])
})

t.test('work that ends within its grace ends the wait, but the phase still fails', async t => {
  const { clock, resolve, raced } = begin()
  const result = raced(1_000)
  clock.advance(100)
  await until('the grace to run', () => clock.waiting > 0)
  resolve('tidied up')
  await t.rejects(result, { code: 'phase-timeout' })
  t.equal(clock.waiting, 0)
})

t.test('a stop ends a phase with its reason, also if it came before the phase', async t => {
  const stop = new AbortController()
  const cancelled = new AutomateError('cancelled', 'stop')
  const during = begin([stop.signal])
  const result = during.raced(0)
  stop.abort(cancelled)
  await until('the grace to run', () => during.clock.waiting > 1)
  during.clock.advance(0)
  t.equal(await result.catch((error: unknown) => error), cancelled)
  const after = begin([stop.signal])
  t.equal(after.interruption.signal.reason, cancelled)
})

t.test('a dead browser gets no grace', async t => {
  const lost = new AbortController()
  const { raced } = begin([lost.signal])
  const result = raced(1_000_000)
  lost.abort(new AutomateError('browser-crash', 'gone'))
  await t.rejects(result, { code: 'browser-crash' })
})
