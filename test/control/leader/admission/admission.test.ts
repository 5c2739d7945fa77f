import t from 'tap'
import { AdmissionControl } from '../../../../lib/control/leader/admission/admission.ts'
import { MAX_PAUSES, pausesOn } from '../../../../lib/model/job/domains.ts'
import { FileDatabase } from '../../../../lib/store/engine/database.ts'
import { enqueue, timedStore } from '../../../helpers/store/job-store.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'
import { newProject, openTestStore } from '../../../helpers/store/project.ts'
import { testScheduler } from '../../../helpers/store/test-scheduler.ts'

/** Makes a project with a database in which an older version noted pauses without a limit. */
async function projectWithHolds(t: Parameters<typeof timedStore>[0], count: number) {
  const paths = newProject()
  const earlier = await openTestStore(t, paths, 'transient')
  await earlier.close()
  const db = await FileDatabase.open(paths.database)
  db.run(
    `WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < $count)
     INSERT INTO domain_pauses (domain, until, status, streak) SELECT 'x' || x || '.evil.example', 9e15, 429, 1 FROM n`,
    { count },
  )
  db.close()
  return paths
}

t.test('reads and logs tens of thousands of pauses as a thousand, in two lines', async t => {
  const paths = await projectWithHolds(t, 30_000)
  const { store, clock } = await timedStore(t, paths)
  const log = new RecordingLog()
  const keeper = new AdmissionControl({ store, log, domainWorkers: [] })
  for (let turn = 0; turn < 3; turn += 1) {
    await keeper.openLanes(null, [], clock.now())
    keeper.written(['domain_pauses'])
  }
  t.equal(keeper.holds.length, MAX_PAUSES)
  t.match(log.lines, [
    /^warn: 1000 domains ask to wait, up to .* and 995 more\. /,
    /no more pauses are stored/,
  ])
  t.equal(log.lines.length, 2)
})

t.test('starts a job despite tens of thousands of pauses of other domains', async t => {
  const { store, workers, untilState } = await testScheduler(t, {}, await projectWithHolds(t, 30_000))
  const id = await enqueue(store)
  const worker = await workers.forked(1)
  worker.end({ status: 'succeeded', result: 1 })
  await untilState(id, 'succeeded')
})

t.test('reads each pause once, however many jobs are looked up', t => {
  let reads = 0
  const holds = Array.from({ length: 20_000 }, (_, n) => ({
    get domain() {
      reads += 1
      return `x${n}.evil.example`
    },
    ...{ until: 1, status: 429, streak: 1 },
  }))
  for (let job = 0; job < 1_000; job += 1)
    t.equal(pausesOn(['shop.example', `www.x${job}.evil.example`], holds)[0], holds[job])
  t.ok(reads < 2 * holds.length, `${reads} reads`)
  t.end()
})
