import t from 'tap'
import type { JobState } from '../../../lib/model/job/job.ts'
import { translatorFor } from '../../../lib/locales/translator.ts'
import { eventsBetween } from '../../../bin/reporter/events.ts'
import { plainLine } from '../../../bin/reporter/format.ts'
import { humanEvents } from '../../../bin/reporter/reporter.ts'
import { AT, richSnapshot } from '../../fixtures/console/snapshot.ts'

const MINUTE_MS = 60_000

t.test('reports a change of a job with its time', async t => {
  const [job] = richSnapshot().jobs
  if (job === undefined) throw new Error('the snapshot has no job')
  const startedAt = AT - 2 * MINUTE_MS
  const endedAt = AT - MINUTE_MS
  const before = richSnapshot({ jobs: [{ ...job, state: 'queued', attemptStartedAt: null, endedAt: null }] })
  for (const [state, ended, at] of [
    ['running', null, startedAt],
    ['retrying', null, AT],
    ['interrupted', null, AT],
    ['succeeded', endedAt, endedAt],
  ] as const satisfies readonly (readonly [JobState, number | null, number])[]) {
    const after = richSnapshot({
      at: AT,
      jobs: [{ ...job, state, attemptStartedAt: startedAt, endedAt: ended }],
    })
    t.match(eventsBetween(before, after), [{ event: 'job', job: job.id, state, at }])
  }
  t.strictSame(eventsBetween(before, before), [])
})

t.test('reports a domain pause once, and again if the domain extends it', async t => {
  const { scheduler } = richSnapshot()
  if (scheduler === null) throw new Error('the snapshot has no scheduler')
  const held = (until: number) =>
    richSnapshot({
      at: AT,
      scheduler: { ...scheduler, holds: [{ domain: 'shop.example', until, status: 429, streak: 1 }] },
    })
  const told = (from: ReturnType<typeof held>, to: ReturnType<typeof held>) =>
    eventsBetween(from, to).flatMap(event => (event.event === 'domain.waits' ? [event.until] : []))
  t.strictSame(told(richSnapshot(), held(AT + 30_000)), [AT + 30_000])
  t.strictSame(told(held(AT + 30_000), held(AT + 30_040)), [], 'an answer to an earlier request')
  t.strictSame(told(held(AT + 30_000), held(AT + 60_000)), [AT + 60_000])
  t.strictSame(told(richSnapshot(), held(AT)), [], 'the pause is over')
})

t.test('reports many simultaneous domain pauses in twenty lines, and one for the rest', t => {
  const { scheduler } = richSnapshot()
  if (scheduler === null) throw new Error('the snapshot has no scheduler')
  const holds = Array.from({ length: 1_000 }, (_, n) => ({
    ...{ domain: `x${n}.evil.example`, until: AT + 30_000, status: 429, streak: 1 },
  }))
  const events = eventsBetween(richSnapshot(), richSnapshot({ at: AT, scheduler: { ...scheduler, holds } }))
  t.equal(events.filter(({ event }) => event === 'domain.waits').length, 20)
  const [more] = events.filter(({ event }) => event === 'domains.more')
  t.match(more && plainLine(more, translatorFor('en').words), / domain +980 more ask to wait$/)
  t.match(more && plainLine(more, translatorFor('it').words), / dominio +altri 980 chiedono di aspettare$/)
  t.end()
})

t.test('reports a new priority once, and that of a new job in its own line', async t => {
  const [job] = richSnapshot().jobs
  if (job === undefined) throw new Error('the snapshot has no job')
  const { id, workflow } = job
  const before = richSnapshot({ jobs: [job] })
  const after = richSnapshot({ at: AT, jobs: [{ ...job, priority: 30 }] })
  const event = { event: 'job.priority', at: AT, job: id, workflow, priority: 30 } as const
  t.strictSame(eventsBetween(before, after), [event])
  t.match(plainLine(event, translatorFor('en').words), / job 134 +order-form priority 30$/)
  t.notMatch(eventsBetween(richSnapshot({ jobs: [] }), after), [event])
})

t.test('one event of the scheduler and its service is one line for people and two for programs', async t => {
  const { scheduler, services } = richSnapshot()
  const known = (
    phase: 'scheduling' | 'paused',
    actual: 'running' | 'stopping' | 'starting' | 'stopped' | 'failed',
    since = AT,
  ) =>
    richSnapshot({
      scheduler: scheduler && { ...scheduler, phase, updatedAt: AT },
      services: services.map(one => (one.name === 'scheduler' ? { ...one, actual, since } : one)),
    })
  const told = (...states: readonly ReturnType<typeof known>[]) =>
    states.slice(1).map((after, index) =>
      humanEvents(states[index] ?? after, after).map(event => ({
        what: event.event === 'scheduler' ? event.phase : event.event,
        at: event.at - AT,
      })),
    )
  const running = known('scheduling', 'running')
  const paused = known('paused', 'stopped')
  t.strictSame(told(running, known('paused', 'running'), known('paused', 'stopping'), paused), [
    [],
    [{ what: 'paused', at: 0 }],
    [],
  ])
  t.strictSame(
    told(paused, known('paused', 'starting', AT + 7), known('paused', 'running', AT + 9), running),
    [[{ what: 'starting', at: 7 }], [{ what: 'scheduling', at: 9 }], []],
  )
  t.match(told(paused, known('paused', 'failed')), [[{ what: 'service' }]], 'only the service has the reason')
  t.match(eventsBetween(running, paused), [
    { event: 'scheduler', phase: 'paused' },
    { event: 'service', name: 'scheduler', state: 'stopped' },
  ])
})
