import t from 'tap'
import type { Test } from 'tap'
import {
  MAX_WINDOW_MS,
  RECOVERED_AFTER_MS,
  WINDOW_MS,
} from '../../../../lib/control/leader/notifier/decide-notices.ts'
import { MAX_SLEEP_MS } from '../../../../lib/control/decide/timeouts.ts'
import { Notifier } from '../../../../lib/control/leader/notifier/notifier.ts'
import type { NotifierDependencies } from '../../../../lib/control/leader/notifier/notifier.ts'
import { systemClock } from '../../../../lib/core/time/clock.ts'
import type { Channel } from '../../../../lib/notify/channel.ts'
import { telegramChannel } from '../../../../lib/notify/telegram.ts'
import { webhookChannel } from '../../../../lib/notify/webhook.ts'
import type { HoursOfDay } from '../../../../lib/model/schedule/time-window.ts'
import type { ErrorRecord } from '../../../../lib/core/errors/errors.ts'
import { crash } from '../../../helpers/builders/crash.ts'
import { errorRecord } from '../../../helpers/builders/error-record.ts'
import { runningJob, timedStore } from '../../../helpers/store/job-store.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'
import { messageServer, telegramRefusal } from '../../../helpers/sites/message-server.ts'
import type { ServerAnswer } from '../../../helpers/sites/message-server.ts'
import { WORDING } from '../../../helpers/builders/notices.ts'
import { until } from '../../../helpers/until.ts'

/** Makes a notifier on a real store and a real server, with a clock of the test. */
async function notifying(
  t: Test,
  answers: readonly ServerAnswer[] = [],
  change: Partial<NotifierDependencies> = {},
) {
  const { store, clock, paths } = await timedStore(t)
  const server = await messageServer(t, ...answers)
  const log = new RecordingLog()
  const jobId = await runningJob(store, { workers: 64 })
  const settings = { token: 'T', chat: '1', apiRoot: server.url, photos: true }
  const telegram = telegramChannel({
    settings,
    wording: WORDING,
    clock,
    deadlineMs: 5_000,
    pictureAt: () => undefined,
  })
  const deps = {
    ...{ store, clock, log, channels: [telegram], quietHours: null, perMinute: 10, project: 'shop' },
    random: () => 1,
    ...change,
  }
  let member = 0
  /** Records a failure of one of the job's workers. The job has `members` workers. */
  const failWith = async (message: string, members = 1) => {
    member += 1
    const error = { name: 'Error', code: 'unexpected', message, stack: '', facts: {} } as const
    const document = crash({ jobId, member, members, workerId: `w${member}`, at: clock.now(), error })
    await store.call('crashes.record', { file: `job_${jobId}_${member}.json`, document })
  }
  const notifier = new Notifier(deps)
  /** Stops the notifier, and advances the clock for its remaining waits. */
  const stop = async (one: Notifier) => {
    let over = false
    const stopping = one.stop().then(() => (over = true))
    await until('its end', () => {
      if (!over) clock.advance(1_000)
      return over
    })
    await stopping
  }
  t.teardown(() => stop(notifier))
  /**
   * Waits until a timer is due in exactly `ms` or the longest sleep, then advances the clock by
   * `ms`.
   */
  const pass = async (ms: number) => {
    const sleepMs = Math.min(ms, MAX_SLEEP_MS)
    await until(`something due in ${sleepMs} ms`, () => clock.isDueIn(sleepMs))
    clock.advance(ms)
  }
  const texts = () => server.requests.map(({ body }) => (JSON.parse(body) as { text: string }).text)
  const state = async () => (await store.call('messages.overview', {}))[0]
  return { store, clock, paths, server, log, jobId, deps, notifier, stop, failWith, pass, texts, state }
}

t.test('ten workers that fail with one cause are one message, and another cause is another one', async t => {
  const { notifier, server, failWith, pass, texts, state } = await notifying(t)
  await notifier.start()
  for (let n = 1; n <= 10; n += 1) await failWith(`No button ${n}`, 64)
  await failWith('Other', 64)
  await pass(MAX_WINDOW_MS)
  await server.arrived(2)
  t.match(
    texts()[0],
    /New failure: Error: No button 10.*workers 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 of 64.*10 failures/s,
  )
  t.match(texts()[1], /New failure: Error: Other.*worker 11 of 64/s)
  await until('both to be known as sent', async () => (await state())?.sent === 2)
  t.match(notifier.doing(), { what: 'sent' })
})

t.test('a restart repeats no message, and sends a gathered one once', async t => {
  const { notifier, deps, stop, server, failWith, pass } = await notifying(t)
  await notifier.start()
  await failWith('one')
  await pass(WINDOW_MS)
  await server.arrived(1)
  await until('it to be known', () => notifier.doing())
  await failWith('two')
  // A stop does not wait for the end of the window.
  await notifier.stop()
  await server.arrived(2)
  const next = new Notifier(deps)
  t.teardown(() => stop(next))
  // The cause is known already, and its summary is not due.
  await failWith('one')
  await next.start()
  await failWith('three')
  await pass(WINDOW_MS)
  await server.arrived(3)
  t.equal(server.requests.length, 3)
})

t.test(
  'delivers a message once after a reset, a failure and a 429, at the time that the server set',
  async t => {
    const { notifier, server, failWith, pass, clock, state, texts } = await notifying(t, [
      'reset',
      { status: 500 },
      telegramRefusal(429, 'Too Many Requests', { retry_after: 40 }),
    ])
    await notifier.start()
    await failWith('one')
    await pass(WINDOW_MS)
    await server.arrived(1)
    await until('the reset to be known', () => notifier.doing())
    t.match(notifier.doing(), { what: 'retrying', channel: 'telegram', count: 1, why: 'ECONNRESET' })
    await pass(1_000)
    await server.arrived(2)
    await until('the 500 to be known', async () => /500/.test((await state())?.why ?? ''))
    await pass(2_000)
    await server.arrived(3)
    await until('the 429 to be known', async () => /Too Many/.test((await state())?.why ?? ''))
    await until('a timer', () => clock.waiting > 0)
    clock.advance(39_999)
    await failWith('two')
    await until('the other message to wait', async () => {
      clock.advance(0)
      return (await state())?.waiting === 1 && clock.waiting > 0
    })
    t.equal(server.requests.length, 3, 'nothing is sent before its time')
    clock.advance(1)
    await server.arrived(4)
    await until('the message to have arrived', async () => (await state())?.sent === 1)
    t.match(texts()[1], /This may be a repeat/, 'it may have arrived before the reset')
    t.match(texts()[3], /This may be a repeat/, 'a refusal does not resolve the reset')
  },
)

t.test(
  'a message that may have arrived is marked as a repeat, also after its channel was refused',
  async t => {
    const { notifier, deps, stop, server, failWith, pass, texts } = await notifying(t, [
      'reset',
      telegramRefusal(401, 'Unauthorized'),
    ])
    await notifier.start()
    await failWith('one')
    await pass(WINDOW_MS)
    await server.arrived(1)
    await until('the reset to be known', () => notifier.doing()?.what === 'retrying')
    await pass(1_000)
    await server.arrived(2)
    await until('the refusal to be known', () => notifier.doing()?.what === 'rejected')
    await notifier.stop()
    const next = new Notifier(deps)
    t.teardown(() => stop(next))
    await next.start()
    await server.arrived(3)
    t.match(texts()[2], /This may be a repeat/)
  },
)

t.test('a server that asks for 0 s or a year sets neither the pace nor an end', async t => {
  const { notifier, server, failWith, pass } = await notifying(t, [
    telegramRefusal(429, 'Too Many Requests', { retry_after: 0 }),
    telegramRefusal(429, 'Too Many Requests', { retry_after: 0 }),
    telegramRefusal(429, 'Too Many Requests', { retry_after: 365 * 86_400 }),
  ])
  await notifier.start()
  await failWith('one')
  await pass(WINDOW_MS)
  for (const [tries, ms] of [1_000, 2_000, 86_400_000].entries()) {
    await server.arrived(tries + 1)
    await pass(ms)
  }
  await server.arrived(4)
})

t.test('a wrong token parks a message with its remedy, and the next start sends it again', async t => {
  const { notifier, deps, stop, server, failWith, pass, log } = await notifying(t, [
    telegramRefusal(401, 'Unauthorized'),
  ])
  await notifier.start()
  await failWith('one')
  await pass(WINDOW_MS)
  await server.arrived(1)
  await until('the refusal to be known', () => notifier.doing())
  t.strictSame(notifier.doing(), {
    ...{ what: 'rejected', channel: 'telegram', count: 1, why: 'Unauthorized', refusal: 'token' },
  })
  t.match(log.lines, [/telegram rejected a message: Unauthorized/])
  await notifier.stop()
  const next = new Notifier(deps)
  t.teardown(() => stop(next))
  await next.start()
  await server.arrived(2)
  await until('it to be known', () => next.doing()?.what === 'sent')
})

t.test('a stalled channel blocks neither another channel nor a reporter', async t => {
  const other = await messageServer(t)
  const settings = { url: other.url, headers: {} }
  const { deps, stop, failWith, pass, server } = await notifying(t, ['stall'])
  const webhook = webhookChannel({ settings, wording: WORDING, clock: systemClock, deadlineMs: 5_000 })
  const notifier = new Notifier({ ...deps, channels: [...deps.channels, webhook] })
  t.teardown(() => stop(notifier))
  await notifier.start()
  await failWith('one')
  await pass(WINDOW_MS)
  await Promise.all([server.arrived(1), other.arrived(1)])
  await failWith('two')
  await pass(WINDOW_MS)
  await other.arrived(2)
  t.equal(server.requests.length, 1)
})

t.test('sends a limited number of messages a minute in a storm, and the others in one summary', async t => {
  const { notifier, server, failWith, pass, texts, state } = await notifying(t, [], { perMinute: 3 })
  await notifier.start()
  for (let n = 0; n < 7; n += 1) {
    await failWith(`cause ${'abcdefg'[n] ?? ''}`)
    await pass(WINDOW_MS)
    if (n < 3) await server.arrived(n + 1)
    await until('it to be queued', async () => {
      const { sent = 0, waiting = 0 } = (await state()) ?? {}
      return sent + waiting === n + 1
    })
  }
  t.equal(server.requests.length, 3)
  // The first message was sent three windows ago, at the end of the first window.
  await pass(60_000 - 6 * WINDOW_MS)
  await server.arrived(4)
  t.match(texts()[3], /4 notices since.*cause d.*cause e.*cause f.*cause g/s)
  await until('the summary to be known', async () => (await state())?.sent === 4)
  t.equal((await state())?.waiting, 0)
})

/** Returns quiet hours that begin with the minute in which a test's clock starts. */
function quietHours(minutes: number): HoursOfDay {
  const started = new Date(1_000)
  const from = started.getHours() * 60 + started.getMinutes()
  return { from, to: (from + minutes) % 1_440 }
}

t.test('sends one summary of quiet hours after their end', async t => {
  const { notifier, server, failWith, pass, texts, state } = await notifying(t, [], {
    quietHours: quietHours(10),
  })
  await notifier.start()
  for (const cause of ['a', 'b', 'c']) {
    await failWith(cause)
    await pass(WINDOW_MS)
  }
  await until('all to wait', async () => (await state())?.waiting === 3)
  t.equal(server.requests.length, 0)
  // The quiet hours began with the test, one second into their minute.
  await pass(10 * 60_000 - 1_000 - 3 * WINDOW_MS)
  await server.arrived(1)
  t.match(texts()[0], /3 notices since/)
})

t.test('notices the end of quiet hours after a clock jump or a suspended machine', async t => {
  const { notifier, server, failWith, pass, state, clock } = await notifying(t, [], {
    quietHours: quietHours(180),
  })
  await notifier.start()
  await failWith('a')
  await pass(WINDOW_MS)
  await until('it to wait', async () => (await state())?.waiting === 1)
  clock.jump(4 * 3_600_000)
  await pass(MAX_SLEEP_MS)
  await server.arrived(1)
})

t.test('a message in progress when the program was killed is marked as a possible repeat', async t => {
  const { store, deps, stop, server, texts } = await notifying(t)
  await store.call('notices.tell', {
    channels: ['telegram'],
    notice: { kind: 'scheduler-ended', jobs: [{ id: 4, state: 'interrupted' }] },
  })
  const [message] = (await store.call('messages.look', { channel: 'telegram', since: 0 })).waiting
  await store.call('messages.begin', { id: message?.id ?? 0 })
  const next = new Notifier(deps)
  t.teardown(() => stop(next))
  await next.start()
  await server.arrived(1)
  t.match(texts()[0], /ended without a stop.*1 job was running:.*job 4 interrupted.*This may be a repeat/s)
})

t.test('notifies of a recovery when a job succeeds after its failures', async t => {
  const { notifier, store, jobId, server, failWith, pass, texts, clock } = await notifying(t)
  await notifier.start()
  await failWith('one')
  await pass(WINDOW_MS)
  await server.arrived(1)
  clock.advance(1)
  await store.call('jobs.finish', { id: jobId, attempt: 1, state: 'succeeded' })
  await pass(RECOVERED_AFTER_MS - WINDOW_MS - 1)
  await server.arrived(2)
  t.match(texts()[1], /Recovered: fixture succeeds again.*after 1 failure/s)
})

t.test('people are notified of a pending retry, and of the final failure of a job', async t => {
  const { notifier, server, store, clock, pass, texts } = await notifying(t)
  const id = await runningJob(store, { retries: 2 })
  const fail = async (attempt: number, change: Partial<ErrorRecord> = {}) => {
    const error = { ...errorRecord('No button', 'element'), ...change }
    const document = crash({ jobId: id, attempt, workerId: `w${id}`, members: 1, at: clock.now(), error })
    await store.call('crashes.record', { file: `job_${id}_${attempt}.json`, document })
    return error
  }
  await notifier.start()
  // People are not notified of a person's own refusal, nor of an expired login before its job is
  // lost.
  const other = await runningJob(store)
  const refused = errorRecord('The operator ended the phase', 'hard-fail')
  for (const [member, error] of [
    { ...refused, facts: { by: 'operator' } },
    { ...errorRecord('Logged out', 'session-expired'), facts: { login: 'saved' } },
  ].entries()) {
    const document = crash({ jobId: other, member: member + 1, members: 2, workerId: `wo${member}`, error })
    await store.call('crashes.record', { file: `other_${member}.json`, document })
  }
  await store.call('jobs.finish', { id: other, attempt: 1, state: 'retrying', dueAt: clock.now() })

  const error = await fail(1)
  await store.call('jobs.finish', { id, attempt: 1, state: 'retrying', error, dueAt: clock.now() })
  await pass(WINDOW_MS)
  await server.arrived(1)
  t.match(texts()[0], new RegExp(`New failure: .*job ${id} will be retried, 2 tries left`, 's'))

  await store.call('jobs.claim', { id })
  await store.call('jobs.finish', { id, attempt: 2, state: 'failed', error: await fail(2) })
  await until('the end of the job to be noticed', () => {
    clock.advance(1_000)
    return server.requests.length === 2
  })
  t.match(texts()[1], new RegExp(`Failed for good: .*job ${id} has failed for good`, 's'))
})

t.test('the bell of the consoles does not count as a message', async t => {
  const bell: Channel = { name: 'bell', send: () => Promise.resolve({ status: 'delivered' }) }
  const { notifier, failWith, pass, state } = await notifying(t, [], { channels: [bell] })
  await notifier.start()
  await failWith('one')
  await pass(WINDOW_MS)
  await until('the bell to have rung', async () => (await state())?.sent === 1)
  t.equal(notifier.doing(), null)
})
