import t from 'tap'
import type { Notification, SingleNotification } from '../../../../lib/model/notify/notification.ts'
import { crash } from '../../../helpers/builders/crash.ts'
import { runningJob, timedStore } from '../../../helpers/store/job-store.ts'

const NOTICE: Extract<SingleNotification, { kind: 'crash' }> = {
  ...{
    kind: 'crash',
    state: 'new',
    frame: null,
    count: 1,
    total: 1,
    since: 1_000,
    more: 0,
    mayRepeat: false,
  },
  ...{
    error: { name: 'Error', code: 'unexpected', message: 'm' },
    places: [],
    crashId: null,
    screenshot: null,
  },
}

t.test('lists the deliveries of a crash: by its id, by its worker, or in a summary', async t => {
  const { store } = await timedStore(t)
  const jobId = await runningJob(store)
  const recorded = await store.call('crashes.record', { file: 'a.json', document: crash({ jobId, at: 1 }) })
  if (!('id' in recorded)) throw new Error('The crash was not kept.')
  const { id } = recorded
  const deliveries = () => store.call('crashes.deliveries', { id })
  t.strictSame(await deliveries(), { noticed: false, deliveries: [] })

  const place = { workerId: 'w1', jobId, attempt: 1, member: 1, members: 3, workflow: 'fixture', phase: '' }
  const tell = (channel: string, notice: SingleNotification) =>
    store.call('notices.tell', { channels: [channel], notice })
  await tell('telegram', { ...NOTICE, crashId: id })
  await tell('webhook', { ...NOTICE, places: [place] })
  await tell('bell', { ...NOTICE, places: [{ ...place, member: 2 }], crashId: id + 1 })
  t.match((await deliveries()).deliveries, [
    { channel: 'telegram', state: 'waiting', at: null },
    { channel: 'webhook', state: 'waiting' },
  ])
  t.equal((await deliveries()).deliveries.length, 2, 'a message about another worker does not count')

  const none = { changed: [], forgotten: [] }
  const summary: Notification = { kind: 'summary', since: 1, count: 1, notices: [{ ...NOTICE, crashId: id }] }
  await store.call('notices.settle', {
    noticed: [id],
    ...none,
    notices: [{ channel: 'bell', notice: summary }],
  })
  const settled = await deliveries()
  t.equal(settled.noticed, true)
  t.match(settled.deliveries, [{}, {}, { channel: 'bell' }])
  t.strictSame(await store.call('crashes.deliveries', { id: id + 1 }), { noticed: false, deliveries: [] })
})
