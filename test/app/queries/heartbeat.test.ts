import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { SilenceWatch } from '../../../lib/app/queries/heartbeat.ts'
import { richSnapshot } from '../../fixtures/console/snapshot.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000

const never = () => new Promise<null>(() => undefined)

function watched(ask: () => Promise<string | null> = never) {
  const clock = new FakeClock()
  const changes: (number | string | null)[] = []
  const watch = new SilenceWatch(clock, ask, ({ silentMs, unwritten }) => changes.push(silentMs ?? unwritten))
  const { scheduler } = richSnapshot()
  if (scheduler === null) throw new Error('no scheduler')
  const beat = () => watch.onDocument({ ...scheduler })
  const seconds = (count: number) => {
    for (let passed = 0; passed < count; passed += 1) clock.advance(SECOND_MS)
  }
  return { clock, changes, watch, scheduler, beat, seconds }
}

t.test('a scheduler is silent from the limit until it continues', async t => {
  const { changes, beat, seconds, clock } = watched()
  for (let beats = 0; beats < 5; beats += 1) {
    beat()
    seconds(20)
  }
  t.same(changes, [], 'one missing beat is tolerated')
  beat()
  seconds(24)
  t.same(changes, [])
  seconds(12)
  t.same(
    changes,
    [25, 30, 35].map(count => count * SECOND_MS),
  )
  beat()
  beat()
  t.equal(changes.at(-1), null)
  t.equal(changes.length, 4, 'the recovery is reported once')
  t.equal(clock.waiting, 1)
})

t.test('an unchanged document is no sign of life', async t => {
  const { changes, watch, scheduler, seconds } = watched()
  watch.onDocument(scheduler)
  seconds(20)
  watch.onDocument(scheduler)
  seconds(5)
  t.same(changes, [25 * SECOND_MS])
})

t.test('a clock jump or a suspended process does not make the scheduler silent', async t => {
  const { changes, clock, beat, seconds } = watched()
  beat()
  clock.jump(10 * MINUTE_MS)
  seconds(10)
  clock.jump(-20 * MINUTE_MS)
  seconds(5)
  clock.advance(10 * MINUTE_MS)
  t.same(changes, [])
})

t.test('an ended or missing scheduler is not silent', async t => {
  const { changes, clock, watch, scheduler, beat, seconds } = watched()
  beat()
  seconds(30)
  watch.onDocument({ ...scheduler, phase: 'stopped' })
  t.equal(changes.at(-1), null)
  t.equal(clock.waiting, 0)
  beat()
  seconds(10)
  watch.onDocument(null)
  t.equal(clock.waiting, 0)
  seconds(60)
  t.equal(changes.at(-1), null)
})

t.test('a scheduler that answers but cannot write is silent only once it stops answering', async t => {
  const answers: (() => Promise<string | null>)[] = [
    async () => 'disk is full',
    async () => 'disk is full',
    () => Promise.reject(new Error('store-closed')),
    async () => 'disk is full',
    never,
  ]
  const { changes, beat, seconds } = watched(() => (answers.shift() ?? never)())
  const check = async () => {
    seconds(5)
    await setImmediate()
  }
  beat()
  for (let checks = 0; checks < 10; checks += 1) await check()
  t.strictSame(changes, ['disk is full', 'disk is full', 35_000, 'disk is full', 45_000, 50_000])
  beat()
  t.equal(changes.at(-1), null)
})

t.test('an answer that arrives after the document is ignored', async t => {
  const { promise, resolve } = Promise.withResolvers<string>()
  const { changes, beat, seconds } = watched(() => promise)
  beat()
  seconds(20)
  beat()
  resolve('disk is full')
  await setImmediate()
  seconds(15)
  t.strictSame(changes, [])
})
