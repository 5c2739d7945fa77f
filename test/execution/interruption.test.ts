import t from 'tap'
import { watchPhase } from '../../lib/execution/phases/interruption.ts'
import { FakeClock } from '../helpers/fake-clock.ts'

t.test('the limit of a phase stands still while it is held, for all that hold it', async t => {
  const clock = new FakeClock()
  const phase = watchPhase({ name: 'ask', timeoutMs: 1_000 }, [], clock)
  clock.advance(400)
  const first = phase.hold()
  const second = phase.hold()
  clock.advance(60_000)
  first()
  first()
  clock.advance(60_000)
  t.equal(phase.leftMs(), 600)
  second()
  clock.advance(599)
  t.notOk(phase.signal.aborted)
  clock.advance(1)
  t.match(phase.signal.reason, { code: 'phase-timeout' })
  phase.hold()()
  phase.forget()
  clock.advance(10_000)
})
