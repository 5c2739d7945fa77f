import t from 'tap'
import { DirectNotice } from '../../../../lib/control/leader/notifier/direct-notice.ts'
import type { ChannelName } from '../../../../lib/model/failure/notified-marker.ts'
import type { Delivery } from '../../../../lib/model/notify/outbox-message.ts'
import type { Channel, Outgoing } from '../../../../lib/notify/channel.ts'
import { FakeClock } from '../../../helpers/fake-clock.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'

const DELIVERED: Delivery = { status: 'delivered' }

/** Returns a channel with the given results of its first messages. Later messages are delivered. */
function channel(name: ChannelName, ...ends: Delivery[]): Channel & { readonly sent: Outgoing[] } {
  const sent: Outgoing[] = []
  return {
    ...{ name, sent },
    send: message => {
      sent.push(message)
      return Promise.resolve(ends.shift() ?? DELIVERED)
    },
  }
}

t.test('sends a notice once to a channel that accepted it, and again to another after a pause', async t => {
  const [clock, log] = [new FakeClock(), new RecordingLog()]
  const notice = new DirectNotice(
    { kind: 'writes-refused', reason: 'read-only' },
    { clock, log, random: () => 0 },
  )
  const [webhook, telegram] = [
    channel('webhook'),
    channel('telegram', { status: 'later', why: 'no network', uncertain: true, partsDone: 0 }),
  ]
  await notice.send([webhook, telegram])
  await notice.send([webhook, telegram])
  t.equal(telegram.sent.length, 1, 'not before its pause is over')
  clock.advance(60_000)
  await notice.send([webhook, telegram])
  await notice.send([webhook, telegram])
  t.equal(webhook.sent.length, 1)
  t.match(telegram.sent, [{ uncertain: false }, { uncertain: true, id: telegram.sent[0]?.id }])
  t.match(log.lines, [/telegram was not notified: no network/])
})

t.test('does not send a notice again to a channel that refused it', async t => {
  const [clock, log] = [new FakeClock(), new RecordingLog()]
  const notice = new DirectNotice(
    { kind: 'writes-refused', reason: 'read-only' },
    { clock, log, random: () => 0 },
  )
  const refusing = channel('webhook', { status: 'refused', why: '401', refusal: 'authorization' })
  await notice.send([refusing])
  clock.advance(600_000)
  await notice.send([refusing])
  t.equal(refusing.sent.length, 1)
})
