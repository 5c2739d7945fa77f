import t from 'tap'
import { watchPhase } from '../../../lib/execution/phases/phase-control.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'

t.test('the timeout of a phase is paused until every holder has released it', async t => {
  const clock = new FakeClock()
  const phase = watchPhase({ name: 'ask', timeoutMs: 1_000 }, [], clock)
  clock.advance(400)
  const first = phase.pause()
  const second = phase.pause()
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
  phase.pause()()
  phase.end()
  clock.advance(10_000)
})

t.test('a listener is notified of each wait for a person, and of the end of the last one', t => {
  const clock = new FakeClock()
  const phase = watchPhase({ name: 'ask', timeoutMs: 1_000 }, [], clock)
  const heard: (number | null)[] = []
  const forget = phase.onPause(atMostMs => heard.push(atMostMs))
  phase.pause()()
  const long = phase.pauseFor(5_000)
  clock.advance(1_000)
  const short = phase.pauseFor(2_000)
  const late: (number | null)[] = []
  phase.onPause(atMostMs => late.push(atMostMs))()
  long()
  t.same(heard, [5_000, 4_000])
  short()
  t.same(heard, [5_000, 4_000, null])
  t.same(late, [4_000])
  forget()
  phase.pauseFor(1_000)()
  t.equal(heard.length, 3)
  t.equal(phase.leftMs(), 1_000)
  phase.end()
  t.end()
})

t.test('the end of a phase ends its waits, and is no interruption', t => {
  const done = watchPhase({ name: 'ask', timeoutMs: 1_000 }, [], new FakeClock())
  t.notOk(done.over.aborted)
  done.end()
  t.match(done.over.reason, { code: 'cancelled', message: /Phase "ask" has ended/ })
  t.notOk(done.signal.aborted)

  const interrupted = watchPhase({ name: 'ask', timeoutMs: 1_000 }, [], new FakeClock())
  interrupted.interrupt(new Error('lost'))
  interrupted.end()
  t.match(interrupted.over.reason, { message: 'lost' })
  t.end()
})
