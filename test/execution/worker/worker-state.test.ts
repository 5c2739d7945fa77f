import t from 'tap'
import { WorkerDocument } from '../../../lib/model/worker/documents.ts'
import { WorkerState } from '../../../lib/execution/worker/worker-state.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'

const member = { workerId: 'w1', jobId: 1, attempt: 1, member: 1, members: 1, workflow: 'fixture' }

function begin() {
  const clock = new FakeClock()
  const written: WorkerDocument[] = []
  const write = (document: WorkerDocument) => {
    written.push(WorkerDocument.parse(document))
  }
  const state = new WorkerState({ workerId: 'w1', log: 'logs/w1.log', clock, write })
  state.beginJob(member, 'cold', 'logs/job.log')
  written.length = 1
  const steps = () => written.map(({ phase }) => phase?.step ?? '-')
  return { clock, state, written, steps }
}

t.test('a step is written at once', async t => {
  const { state, steps } = begin()
  state.beginPhase({ name: 'open', timeoutMs: 500 }, 1, 2)
  state.step('one')
  t.same(steps(), ['-', '', 'one'])
})

t.test('after a hundred steps a flood is written at most every 50 ms, always with its last step', async t => {
  const { clock, state, steps } = begin()
  state.beginPhase({ name: 'open', timeoutMs: 500 }, 1, 2)
  const burst = Array.from({ length: 100 }, (_, index) => `step ${index}`)
  for (const step of [...burst, 'one', 'two', 'three']) state.step(step)
  t.same(steps(), ['-', '', ...burst], 'each of the first hundred is on disk before the next')
  clock.advance(50)
  t.same(steps(), ['-', '', ...burst, 'three'])
  t.equal(clock.waiting, 0)
})

t.test('the beginning of a phase is written at once, together with the end of the one before', async t => {
  const { clock, state, written } = begin()
  state.beginPhase({ name: 'open', timeoutMs: 500 }, 1, 2)
  state.step('button')
  state.endPhase('done')
  const writes = written.length
  state.beginPhase({ name: 'read', timeoutMs: 500 }, 2, 2)
  t.equal(written.length, writes + 1)
  t.match(written.at(-1), { history: [{ name: 'open', step: 'button', status: 'done' }] })
  t.match(written.at(-1)?.phase, { name: 'read', step: '', startedAt: 1_000, deadlineAt: 1_500 })
  t.equal(clock.waiting, 0, 'no late write of an old state')
})

t.test('the end of the last phase is written soon, and a failed one at once', async t => {
  const { clock, state, written } = begin()
  state.beginPhase({ name: 'open', timeoutMs: 500 }, 1, 2)
  state.endPhase('done')
  clock.advance(200)
  t.match(written.at(-1), { phase: null, history: [{ name: 'open', status: 'done' }] })
  state.beginPhase({ name: 'read', timeoutMs: 500 }, 2, 2)
  state.endPhase('failed')
  t.match(written.at(-1), { phase: null, history: [{ name: 'open' }, { name: 'read', status: 'failed' }] })
})

t.test('the next job of a reused worker is written with its first phase, or soon', async t => {
  const { clock, state, written } = begin()
  state.beginPhase({ name: 'open', timeoutMs: 500 }, 1, 1)
  const writes = written.length
  state.endPhase('done')
  state.change({ outcome: 'succeeded' })
  state.idle()
  state.beginJob({ ...member, jobId: 2 }, 'reused', 'logs/next.log')
  t.equal(written.length, writes + 1, 'only the outcome')
  state.beginPhase({ name: 'open', timeoutMs: 500 }, 1, 1)
  t.match(written.slice(writes + 1), [{ job: { jobId: 2 }, phase: { name: 'open' }, outcome: null }])
  t.equal(clock.waiting, 0)

  state.endPhase('done')
  state.idle()
  clock.advance(200)
  t.match(written.at(-1), { job: null, state: 'idle' })
  state.beginJob({ ...member, jobId: 3 }, 'reused', 'logs/third.log')
  clock.advance(200)
  t.match(written.at(-1), { job: { jobId: 3 }, state: 'starting' }, 'it waits for its browser')
})

t.test('pending changes are written at the end of the process', async t => {
  const { state, written } = begin()
  state.beginPhase({ name: 'open', timeoutMs: 500 }, 1, 1)
  state.step('the last words \u001b[2J')
  state.flushPending()
  t.equal(written.at(-1)?.phase?.step, 'the last words ␛')
  const writes = written.length
  state.flushPending()
  t.equal(written.length, writes, 'nothing was pending')
})

t.test('a step outside of phases changes nothing', async t => {
  const { state, written } = begin()
  state.step('lost')
  t.equal(written.length, 1)
})

t.test('the duration of a phase over a jump of the clock is its elapsed time without its wait', async t => {
  for (const jumpMs of [-6 * 3_600_000, 6 * 3_600_000]) {
    const { clock, state } = begin()
    clock.jump(24 * 3_600_000)
    state.beginPhase({ name: 'open', timeoutMs: 60_000 }, 1, 2)
    clock.advance(200)
    clock.jump(jumpMs)
    clock.advance(100)
    state.endPhase('done')
    state.beginPhase({ name: 'ask', timeoutMs: 60_000 }, 2, 2)
    clock.advance(3_000)
    const since = clock.now()
    state.wait({ id: 1, for: 'person', what: 'a code', since, deadlineAt: since + 60_000 }, 50_000)
    clock.advance(1_000)
    clock.jump(jumpMs)
    clock.advance(1_000)
    state.endPhase('failed')
    const durations = state.history.map(({ startedAt, endedAt }) => endedAt - startedAt)
    t.strictSame(durations, [300, 3_000], `${jumpMs}`)
    t.equal(state.history.at(-1)?.endedAt, clock.now())
  }
})

t.test('the end of an earlier wait changes nothing about the current one', t => {
  const { clock, state, written } = begin()
  state.beginPhase({ name: 'ask', timeoutMs: 500 }, 1, 1)
  const waiting = { id: 2, for: 'person', what: 'Sign in', since: clock.now(), deadlineAt: 60_000 } as const
  state.wait(waiting, 400)
  state.goOn(1, 0, 'an-order')
  t.match(written.at(-1), { waiting, phase: { deadlineAt: 60_400 } })
  state.goOn(2, 400, 'an-order')
  t.match(written.at(-1), { answered: { waitingId: 2, orderId: 'an-order' }, phase: { deadlineAt: 1_400 } })
  t.notHas(written.at(-1), { waiting: {} })
  t.end()
})
