import t from 'tap'
import { recover } from '../../../../lib/control/machine/recovery/recover.ts'
import { AutomateError } from '../../../../lib/core/errors/errors.ts'
import type { Store } from '../../../../lib/store/store.ts'
import { runningJob, timedStore } from '../../../helpers/store/job-store.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'

t.test('a scheduler that dies during its recovery loses no notice of the earlier death', async t => {
  const { store, paths } = await timedStore(t)
  const log = new RecordingLog()
  const ran = await runningJob(store)
  const unwanted = await runningJob(store)
  await store.call('jobs.cancel', { id: unwanted })
  const start = () =>
    recover(store, { paths, log, packer: { pack: () => undefined } }, ['webhook', 'telegram'], 1_000)
  const toldOn = async (channel: string) =>
    (await store.call('messages.look', { channel, since: 0 })).waiting.map(({ notice }) => notice)

  const call = store.call.bind(store)
  let isDead = false
  const dying: Store['call'] = async (name, ...rest) => {
    if (isDead) throw new AutomateError('store-closed', 'The scheduler has died.')
    const output = await call(name, ...rest)
    isDead = name === 'jobs.recover'
    return output
  }
  Object.assign(store, { call: dying })
  await start().catch(() => undefined)
  t.ok(isDead, 'it died after the recovery of the jobs')
  Object.assign(store, { call })

  const notice = {
    kind: 'scheduler-ended',
    jobs: [
      { id: ran, state: 'interrupted' },
      { id: unwanted, state: 'cancelled' },
    ],
  }
  await start()
  t.strictSame(await toldOn('webhook'), [notice])
  t.strictSame(await toldOn('telegram'), [notice])
  await start()
  t.equal((await toldOn('webhook')).length, 1, 'a start without running jobs has nothing to report')
})
