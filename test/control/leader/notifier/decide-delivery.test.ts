import t from 'tap'
import { decideDelivery } from '../../../../lib/control/leader/notifier/decide-delivery.ts'
import type { DeliveryView } from '../../../../lib/control/leader/notifier/decide-delivery.ts'
import { digestOf, quietUntil } from '../../../../lib/control/leader/notifier/channel-sender.ts'
import { crashNotice } from '../../../helpers/builders/notices.ts'

const NOW = 1_000_000

const waiting = (count: number, queuedAt = NOW, complete = true) =>
  Array.from({ length: count }, (_, n) => ({ id: n + 1, queuedAt, complete }))

const view = (change: Partial<DeliveryView>): DeliveryView => ({
  ...{ waiting: [], sentAt: [], notBefore: null, quietUntil: null, perMinute: 3, ...change },
})

for (const { name, given, does } of [
  { name: 'nothing waits', given: {}, does: { type: 'rest', until: null } },
  { name: 'one waits', given: { waiting: waiting(1) }, does: { type: 'send', id: 1 } },
  { name: 'a few wait', given: { waiting: waiting(3) }, does: { type: 'send', id: 1 } },
  {
    name: 'more than fit into a minute wait',
    given: { waiting: waiting(4) },
    does: { type: 'fold', ids: [1, 2, 3, 4] },
  },
  {
    name: 'two have waited long',
    given: { waiting: waiting(2, NOW - 60_000) },
    does: { type: 'fold', ids: [1, 2] },
  },
  {
    name: 'one has waited long',
    given: { waiting: waiting(1, NOW - 600_000) },
    does: { type: 'send', id: 1 },
  },
  {
    name: 'quiet hours',
    given: { waiting: waiting(1), quietUntil: NOW + 9 },
    does: { type: 'rest', until: NOW + 9 },
  },
  {
    name: 'the server named a time',
    given: { waiting: waiting(1), notBefore: NOW + 7 },
    does: { type: 'rest', until: NOW + 7 },
  },
  {
    name: 'the minute is full',
    given: { waiting: waiting(1), sentAt: [NOW - 50_000, NOW - 70_000, NOW - 1, NOW - 2] },
    does: { type: 'rest', until: NOW + 10_000 },
  },
  {
    name: 'the longest reason counts',
    given: { waiting: waiting(1), notBefore: NOW + 7, quietUntil: NOW + 9 },
    does: { type: 'rest', until: NOW + 9 },
  },
  {
    name: 'a begun message continues alone',
    given: {
      waiting: [
        { id: 1, queuedAt: 0, complete: false },
        { id: 2, queuedAt: 0, complete: true },
        { id: 3, queuedAt: 0, complete: true },
      ],
    },
    does: { type: 'send', id: 1 },
  },
] as const) {
  t.test(name, t => {
    t.strictSame(decideDelivery(view(given), NOW), does)
    t.end()
  })
}

t.test('a summary of summaries lists each notice once, and counts all', t => {
  const first = digestOf(
    Array.from({ length: 40 }, (_, n) => ({ notice: crashNotice({ crashId: n + 1 }), queuedAt: 10 + n })),
  )
  t.match(first, { kind: 'summary', since: 10, count: 40 })
  const second = digestOf([
    { notice: first, queuedAt: 900 },
    { notice: crashNotice(), queuedAt: 901 },
  ])
  t.match(second, { kind: 'summary', since: 10, count: 41 })
  t.ok(second.kind === 'summary' && second.notices.length === 30)
  t.end()
})

const at = (hour: number, minute = 0) => new Date(2026, 10, 25, hour, minute).getTime()
const NIGHT = { from: 22 * 60, to: 7 * 60 }

for (const [hours, now, until] of [
  [NIGHT, at(21, 59), null],
  [NIGHT, at(22), at(31)],
  [NIGHT, at(3, 30), at(7)],
  [NIGHT, at(7), null],
  [{ from: 13 * 60, to: 14 * 60 }, at(13, 5), at(14)],
  [{ from: 13 * 60, to: 14 * 60 }, at(22), null],
  [{ from: 60, to: 60 }, at(1), null],
  [null, at(3), null],
] as const) {
  t.equal(quietUntil(hours, now), until, `at ${new Date(now).toTimeString().slice(0, 5)}`)
}
