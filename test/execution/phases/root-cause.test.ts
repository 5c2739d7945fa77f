import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import { findRootCause } from '../../../lib/execution/phases/root-cause.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'

/**
 * Creates an error of puppeteer and starts the search for its root cause on a clock of the test.
 */
function failing() {
  const clock = new FakeClock()
  const lost = new AbortController()
  const thrown = new Error('net::ERR_ABORTED at chrome://crash')
  const circumstances = { lost: lost.signal, facts: undefined, dialog: undefined, clock }
  return { clock, lost, thrown, reason: findRootCause(thrown, circumstances) }
}

t.test(
  'the end of the browser is the root cause, even if it is known a second after the failure',
  async t => {
    const { clock, lost, reason } = failing()
    clock.advance(1_000)
    await setImmediate()
    const crash = new AutomateError('browser-crash', 'The page crashed.')
    lost.abort(crash)
    t.equal(await reason, crash)
  },
)

t.test('without an end of the browser, the failure itself is the root cause', async t => {
  const { clock, thrown, reason } = failing()
  clock.advance(2_000)
  t.equal(await reason, thrown)
})
