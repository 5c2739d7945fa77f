import { existsSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import { TraceQuota } from '../../../../lib/control/machine/maintenance/trace-quota.ts'
import { crash } from '../../../helpers/builders/crash.ts'
import { attempts, timedStore } from '../../../helpers/store/job-store.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'

const DAY_MS = 24 * 60 * 60_000
const MINUTE_MS = 60_000

t.test('removes the oldest of too many traces, and keeps that of the newest failure', async t => {
  const { store, paths } = await timedStore(t)
  const jobId = await attempts(store, 3)
  const now = Date.now()
  const traces = Array.from({ length: 5 }, (_, daysAgo) => {
    const path = join(paths.logs('traces', new Date(now - daysAgo * DAY_MS)), `job_${daysAgo}.zip`)
    writeFileSync(path, Buffer.alloc(1_000))
    const at = (now - daysAgo * DAY_MS) / 1_000
    utimesSync(path, at, at)
    return path
  })
  const left = () => traces.map((path, daysAgo) => (existsSync(path) ? daysAgo : 'gone'))
  const fail = (attempt: number, path: string | undefined) => {
    const artefacts = path === undefined ? [] : [{ kind: 'traces', path: relative(paths.root, path) }]
    return store.call('crashes.record', {
      file: `of attempt ${attempt}`,
      document: crash({ jobId, attempt, artefacts }),
    })
  }
  await fail(1, traces[4])
  await fail(2, traces[3])
  await fail(3, undefined)
  const quota = (tracesLimitBytes: number) =>
    new TraceQuota({ paths, store, tracesLimitBytes, log: new RecordingLog() })

  t.equal(await quota(5_000).round(now), 0)
  const strict = quota(2_500)
  t.equal(await strict.round(now), 3)
  t.strictSame(left(), [0, 'gone', 'gone', 3, 'gone'])

  writeFileSync(traces[1] ?? '', Buffer.alloc(2_000))
  t.equal(await strict.round(now + MINUTE_MS - 1), 0, 'the folders are not read all the time')
  t.equal(await strict.round(now + MINUTE_MS), 2)
  t.equal(await quota(1).round(now), 0)
  t.equal(statSync(traces[3] ?? '').size, 1_000)
})
