import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { recover } from '../../lib/control/machine/recovery/recover.ts'
import { recoverRecordings } from '../../lib/control/machine/recovery/recover-recordings.ts'
import { systemClock } from '../../lib/core/time/clock.ts'
import type { ProjectPaths } from '../../lib/core/process/paths.ts'
import { MemberRef } from '../../lib/model/worker/documents.ts'
import type { ClaimedJob } from '../../lib/model/job/job.ts'
import type { Outcome } from '../../lib/model/job/outcome.ts'
import { writeJsonSync } from '../../lib/files/documents/atomic-json.ts'
import { writeCrashFile } from '../../lib/files/documents/crash-file.ts'
import { markCrash } from '../../lib/files/notified-marker.ts'
import { memberStem } from '../../lib/files/artefact-stem.ts'
import { recordingOf } from '../../lib/files/trace/recording.ts'
import { readMigrations } from '../../lib/store/migrations/migrations-folder.ts'
import { prepareEmpty, prepareRestore } from '../../lib/store/restore/prepare.ts'
import { replaceDatabase } from '../../lib/store/restore/replace-database.ts'
import type { Store } from '../../lib/store/store.ts'
import { crash } from '../helpers/builders/crash.ts'
import { errorRecord } from '../helpers/builders/error-record.ts'
import { enqueue } from '../helpers/store/job-store.ts'
import { RecordingLog } from '../helpers/recording-log.ts'
import { PATIENT_MS, newFolder, newProject, openTestStore } from '../helpers/store/project.ts'

const FOREIGN = 'of-another-database'

const open = (t: Pick<Test, 'teardown'>, paths: ProjectPaths) => openTestStore(t, paths, 'scheduler')

const replace = (paths: ProjectPaths, backup?: string) => {
  const preparation = { path: paths.database, migrations: readMigrations(), now: systemClock.now() }
  return backup === undefined
    ? replaceDatabase({ paths, clock: systemClock, waitMs: PATIENT_MS }, () => prepareEmpty(preparation))
    : replaceDatabase({ paths, clock: systemClock, waitMs: PATIENT_MS }, () =>
        prepareRestore(backup, preparation),
      )
}

async function claimed(store: Store, id: number): Promise<ClaimedJob> {
  const job = await store.call('jobs.claim', { id })
  if (job === null) throw new Error(`job ${id} could not be claimed`)
  return job
}

/** Returns the worker of an attempt as the attempt's assignment names it. */
const workerOf = (workerId: string, { id, attempt, workflow, attemptStartedAt }: ClaimedJob) =>
  MemberRef.parse({ workerId, jobId: id, attempt, member: 1, members: 1, workflow, attemptStartedAt })

function leaveOutcome(
  paths: ProjectPaths,
  member: MemberRef,
  outcome: Outcome = { status: 'succeeded', result: member.workerId },
): void {
  writeJsonSync(join(paths.results, `${member.workerId}.json`), {
    ...{ ...member, kind: 'outcome', version: 1, endedAt: Date.now() },
    ...{ outcome, history: [], memoryBytes: 0 },
  })
}

/** Recovers the jobs as a scheduler does at its start. */
async function start(store: Store, paths: ProjectPaths) {
  const log = new RecordingLog()
  const packed: string[] = []
  const packer = { pack: (_recording: unknown, zip: string) => void packed.push(zip) }
  await recover(store, { paths, log, packer }, [], Date.now())
  await recoverRecordings(store, { paths, log, packer }, Date.now())
  return { lines: log.lines, packed }
}

t.test('results of workers of the replaced database count for no job of an empty one', async t => {
  const paths = newProject()
  const first = await open(t, paths)
  const member = workerOf('wold', await claimed(first, await enqueue(first)))
  await first.close()
  leaveOutcome(paths, member)
  const failed: Outcome = { status: 'failed', error: errorRecord(), phase: null }
  leaveOutcome(paths, { ...member, workerId: 'wfailed', member: 2 }, failed)
  const report = writeCrashFile(paths.crashes, crash({ ...member, workerId: 'wold' }))
  markCrash(report, 'sent', 'webhook', 1)
  writeFileSync(join(paths.crashes, 'job_1_2.json'), '{"half":')
  const stem = memberStem(member)
  const head = { type: 'head', version: 1, startedAt: 1, at: 0, browser: 'Chrome/1', platform: 'linux' }
  const line = JSON.stringify({ ...member, ...head, viewport: { width: 1, height: 1 } })
  writeFileSync(recordingOf(paths.recordings, stem).lines, `${line}\n`)
  await replace(paths)

  const store = await open(t, paths)
  t.equal(await enqueue(store), member.jobId, 'a new job has the same number')
  const { lines, packed } = await start(store, paths)
  t.match(await store.call('jobs.read', { id: 1 }), { state: 'queued', attempt: 0 })
  t.strictSame(await store.call('members.list', { jobId: 1 }), [])
  t.strictSame(await store.call('crashes.list', {}), [])
  t.strictSame(readdirSync(join(paths.results, FOREIGN)).sort(), ['wfailed.json', 'wold.json'])
  t.strictSame(readdirSync(join(paths.crashes, FOREIGN)).sort(), [
    'job_1_1000.json',
    'job_1_1000.mark',
    'job_1_2.json',
  ])
  t.match(
    lines.filter(text => text.includes('so it is not used')),
    [
      /job_1_1000\.json belongs to attempt 1 of job 1 in a database that was replaced.* now in data\/crashes\/of-another-database/,
      /job_1_2\.json/,
      /wfailed\.json/,
      /wold\.json .* now in data\/results\/of-another-database/,
    ],
  )
  t.match(packed, [/traces.of-another-database_job_1_attempt_1_member_1_wold\.zip$/])
  t.strictSame(readdirSync(paths.recordings), [`${FOREIGN}_${stem}_wold.jsonl`])

  await claimed(store, 1)
  const again = await start(store, paths)
  t.match(await store.call('jobs.read', { id: 1 }), { state: 'interrupted', result: null })
  t.strictSame(
    again.lines.filter(text => text.includes(FOREIGN)),
    [],
    'it is logged once',
  )
  t.match(readFileSync(join(paths.results, FOREIGN, 'wold.json'), 'utf8'), /"wold"/)
})

t.test('after a restore only the outcome of the attempt that runs in the backup counts', async t => {
  const paths = newProject()
  const first = await open(t, paths)
  const running = await claimed(first, await enqueue(first))
  const other = await enqueue(first)
  const backup = join(newFolder(), 'backup.db')
  await first.call('store.backup', { to: backup })
  const begunLater = await claimed(first, other)
  const queuedLater = await claimed(first, await enqueue(first))
  await first.close()
  leaveOutcome(paths, workerOf('wrunning', running))
  leaveOutcome(paths, workerOf('wbegun', begunLater))
  leaveOutcome(paths, workerOf('wqueued', queuedLater))
  // Simulates a worker of another copy of the backup, in which the same attempt began at another
  // moment.
  leaveOutcome(paths, { ...workerOf('wcopy', running), attemptStartedAt: 1 })
  await replace(paths, backup)

  const store = await open(t, paths)
  t.equal(await enqueue(store), queuedLater.id, 'the number is assigned again')
  await start(store, paths)
  t.match(await store.call('jobs.read', { id: running.id }), { state: 'succeeded', result: 'wrunning' })
  t.match(await store.call('jobs.read', { id: other }), { state: 'queued', attempt: 0 })
  t.match(await store.call('jobs.read', { id: queuedLater.id }), { state: 'queued', attempt: 0 })
  t.strictSame(readdirSync(join(paths.results, FOREIGN)).sort(), [
    'wbegun.json',
    'wcopy.json',
    'wqueued.json',
  ])
  t.strictSame(readdirSync(paths.results), [FOREIGN])
})

t.test('sets an unreadable outcome aside, and removes that of a removed job', async t => {
  const paths = newProject()
  const store = await open(t, paths)
  const job = await claimed(store, await enqueue(store))
  await store.call('jobs.finish', { id: job.id, attempt: 1, state: 'failed' })
  await store.call('tables.remove', { table: 'jobs', key: { id: job.id } })
  leaveOutcome(paths, workerOf('wgone', job))
  writeFileSync(join(paths.results, 'whalf.json'), '{"half":')
  const { lines } = await start(store, paths)
  t.match(lines.join('\n'), /wgone\.json belongs to job 1, which was removed/)
  t.match(lines.join('\n'), /Result whalf\.json could not be stored/)
  t.strictSame(readdirSync(paths.results), ['unreadable'])
  t.strictSame(readdirSync(join(paths.results, 'unreadable')), ['whalf.json'])
})
