import t from 'tap'
import { delay, withTimeout } from '../../../lib/core/time/timeout.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'

t.test('a timeout passes on the result or the error of the work, and leaves no timer', async t => {
  const clock = new FakeClock()
  t.equal(await withTimeout(Promise.resolve(3), 100, 'The work', clock), 3)
  await t.rejects(withTimeout(Promise.reject(new TypeError('bad')), 100, 'The work', clock), TypeError)
  const { promise, reject } = Promise.withResolvers<never>()
  reject('a text')
  await t.rejects(withTimeout(promise, 100, 'The work', clock), { code: 'unexpected', message: 'a text' })
  t.equal(clock.waiting, 0)
})

t.test('work that exceeds its timeout fails with its name, and may end later without harm', async t => {
  const clock = new FakeClock()
  const { promise, reject } = Promise.withResolvers<never>()
  const limited = withTimeout(promise, 100, 'The start', clock)
  clock.advance(100)
  await t.rejects(limited, {
    code: 'deadline',
    message: 'The start did not end within 100 ms.',
    facts: { ms: 100 },
  })
  reject(new Error('late'))
  t.equal(clock.waiting, 0)
})

t.test('a delay ends by time or by its signal, and leaves neither timer nor listener', async t => {
  const clock = new FakeClock()
  const timed = delay(100, clock)
  clock.advance(100)
  await timed
  const controller = new AbortController()
  let listeners = 0
  const { signal } = controller
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
  Object.assign(signal, {
    addEventListener: (...args: Parameters<typeof add>) => {
      listeners++
      add(...args)
    },
    removeEventListener: (...args: Parameters<typeof remove>) => {
      listeners--
      remove(...args)
    },
  })
  const ended = delay(100, clock, signal)
  clock.advance(100)
  await ended
  t.strictSame([clock.waiting, listeners], [0, 0])
  const aborted = delay(100, clock, signal)
  controller.abort()
  await aborted
  await delay(100, clock, signal)
  t.strictSame([clock.waiting, listeners], [0, 0])
})
