import t from 'tap'
import { runningJob, timedStore } from '../../helpers/store/job-store.ts'
import { crashNotice } from '../../helpers/builders/notices.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const JUMPS = [HOUR_MS, DAY_MS, 30 * DAY_MS]

for (const byMs of JUMPS.flatMap(ms => [ms, -ms])) {
  t.test(`a jump of ${byMs / HOUR_MS} h neither ends nor delays a discovery`, async t => {
    const { store, clock } = await timedStore(t)
    clock.advance(365 * DAY_MS)
    const key = { jobId: await runningJob(store), attempt: 1, key: 'shops' }
    const acquire = (member: number) =>
      store.call('discoveries.acquire', {
        ...key,
        workerId: `w${member}`,
        member,
        members: 2,
        leaseMs: 60_000,
      })
    t.match(await acquire(1), { status: 'held', fence: 1 })
    clock.jump(byMs)
    t.strictSame(await acquire(2), { status: 'waiting', forMs: 60_000, stands: false })
    clock.advance(60_000)
    t.match(await acquire(2), { status: 'held', fence: 2 })
    await store.call('discoveries.complete', { ...key, fence: 2, value: 'found', ttlMs: 60_000 })
    clock.jump(-byMs)
    t.match(await acquire(1), { status: 'done', ageMs: 0, validForMs: 60_000 })
    clock.advance(60_000)
    t.match(await acquire(1), { status: 'held', fence: 3 })
  })
}

for (const byMs of JUMPS) {
  t.test(
    `setting the clock back by ${byMs / HOUR_MS} h prolongs no pause of a domain or a proxy`,
    async t => {
      const { store, clock } = await timedStore(t)
      clock.advance(365 * DAY_MS)
      const retryAfterMs = 60_000
      const id = 'http://proxy.example:1'
      const pause = async () => {
        await store.call('domains.pause', { domain: 'shop.example', status: 429, retryAfterMs, jobId: null })
        await store.call('proxies.use', { id })
        const coolUntil = clock.now() + retryAfterMs
        await store.call('proxies.fail', { id, error: 'it is dead', streak: 1, coolUntil })
        clock.jump(-byMs)
      }
      const pauses = async () => {
        const [hold] = await store.call('domains.pauses', {})
        const [proxy] = await store.call('proxies.list', {})
        return [hold?.until, proxy?.coolUntil, proxy?.lastUsedAt].map(at => (at ?? 0) - clock.now())
      }
      await pause()
      await store.call('clock.setBack', { byMs })
      t.strictSame(await pauses(), [retryAfterMs, retryAfterMs, 0])
      clock.advance(2 * retryAfterMs)
      await pause()
      await store.call('clock.setBack', { byMs: 0 })
      const [holdMs = 0, coolMs = 0, usedMs] = await pauses()
      t.ok(holdMs <= HOUR_MS && coolMs <= HOUR_MS / 4, 'after a start no pause exceeds the longest one')
      t.equal(usedMs, 0)
    },
  )

  t.test(`setting the clock back by ${byMs / HOUR_MS} h delays no notice`, async t => {
    const { store, clock } = await timedStore(t)
    clock.advance(365 * DAY_MS)
    await store.call('notices.tell', { channels: ['webhook'], notice: crashNotice() })
    await store.call('messages.end', { id: 1, uncertainBefore: false, delivery: { status: 'delivered' } })
    const look = () => store.call('messages.look', { channel: 'webhook', since: clock.now() - 60_000 })
    t.equal((await look()).sentAt.length, 1)
    clock.jump(-byMs)
    t.strictSame((await look()).sentAt, [], 'a message sent in the future counts for no limit')
  })
}
