import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { formSchema } from '../../../../lib/authoring/form-schema.ts'
import { recover } from '../../../../lib/control/machine/recovery/recover.ts'
import { assignmentFile } from '../../../../lib/control/machine/workers/worker-process.ts'
import { knownSecrets } from '../../../../lib/core/secrets/known-secrets.ts'
import type { ProjectPaths } from '../../../../lib/core/process/paths.ts'
import type { Assignment } from '../../../../lib/model/worker/documents.ts'
import type { Outcome } from '../../../../lib/model/job/outcome.ts'
import { writeJsonSync } from '../../../../lib/files/documents/atomic-json.ts'
import { enqueue, runningJob, timedStore } from '../../../helpers/store/job-store.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'
import { FIXTURE, testScheduler } from '../../../helpers/store/test-scheduler.ts'
import { workerDocument } from '../../../helpers/store/scripted-workers.ts'
import type { ScriptedWorker } from '../../../helpers/store/scripted-workers.ts'
import { until } from '../../../helpers/until.ts'

const won: Outcome = { status: 'succeeded', result: 1 }

/** Input schema in which no field name reveals a secret. */
const INPUT = z.object({ shops: z.array(z.object({ word: z.string().meta({ format: 'password' }) })) })
const WORKFLOW = { ...FIXTURE, inputSchema: formSchema(INPUT, 'The input schema') }

const inputWith = (word: string): z.infer<typeof INPUT> => ({ shops: [{ word }] })

function outputOf(paths: ProjectPaths, workerId: string): string {
  const file = join(paths.root, 'logs/day/workers', `${workerId}.out`)
  mkdirSync(dirname(file), { recursive: true })
  return file
}

/** Writes a text that a page printed into the output of a Chrome. */
function chromeOutput(paths: ProjectPaths, day: string, stem: string, word: string): string {
  const file = join(paths.root, 'logs', day, 'chrome', `${stem}.log`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `page says ${word}\n`)
  return file
}

/** Writes a text into the files of a worker and of a program that the worker started. */
function leave(paths: ProjectPaths, worker: ScriptedWorker, text: string): void {
  const { assignment } = worker
  worker.outputFile = outputOf(paths, assignment.workerId)
  writeFileSync(worker.outputFile, `it printed ${text}\n`)
  const phase = {
    index: 1,
    count: 1,
    name: 'only',
    step: `signs in with ${text}`,
    startedAt: 1,
    deadlineAt: 2,
  }
  writeJsonSync(
    join(paths.workerStates, `${assignment.workerId}.json`),
    workerDocument(assignment, { phase }),
  )
}

t.test('no report, state or output of a killed worker contains passwords of the schema', async t => {
  const { store, paths, workers, scheduler, untilState } = await testScheduler(t)
  scheduler.setWorkflows({ workflows: [WORKFLOW], broken: [] })
  const id = await enqueue(store, { retries: 0, input: inputWith('canary-of-the-schema') })
  const worker = await workers.forked(1)
  leave(paths, worker, 'canary-of-the-schema')
  worker.exit(null, 'SIGKILL')
  await untilState(id, 'failed')
  const [report] = await store.call('crashes.list', { jobId: id })
  const crash = await store.call('crashes.read', { id: report?.id ?? 0 })
  t.match(JSON.stringify(crash), 'it printed ***')
  t.match(JSON.stringify(crash), 'signs in with ***')
  const members = JSON.stringify(await store.call('members.list', { jobId: id }))
  const texts = [JSON.stringify(crash), members, readFileSync(worker.outputFile, 'utf8')]
  t.notMatch(texts.join('\n'), 'canary')
})

t.test('releases the secrets of a job a while after its worker has exited', async t => {
  const { store, clock, workers, scheduler, untilState } = await testScheduler(t, { slots: 1 })
  scheduler.setWorkflows({ workflows: [{ ...WORKFLOW, isolation: 'context' }], broken: [] })
  const [first, second] = ['canary-of-job-1', 'canary-of-job-2']
  const jobs = [
    await enqueue(store, { input: inputWith(first) }),
    await enqueue(store, { input: inputWith(second) }),
  ]
  const worker = await workers.forked(1)
  for (const id of jobs) {
    await until('its assignment', () => worker.assignment.jobId === id)
    worker.done(won)
    await untilState(id, 'succeeded')
  }
  clock.advance(120_000)
  t.ok(knownSecrets.holds(first), 'the worker can still print the secrets of an earlier job')
  t.ok(knownSecrets.holds(second))
  worker.exit(0)
  await until('no process', () => scheduler.processes === 0)
  t.ok(knownSecrets.holds(first), 'its remaining output can still be read')
  clock.advance(120_000)
  await enqueue(store, { input: inputWith('canary-of-job-3') })
  ;(await workers.forked(2)).end(won)
  t.notOk(knownSecrets.holds(first))
  t.notOk(knownSecrets.holds(second))
})

t.test('redacts the output of each Chrome of a worker, under the names of all its jobs', async t => {
  const { store, paths, workers, scheduler, untilState } = await testScheduler(t, { slots: 1 })
  scheduler.setWorkflows({ workflows: [{ ...WORKFLOW, isolation: 'browser' }], broken: [] })
  const words = ['canary-of-chrome-1', 'canary-of-chrome-2', 'canary-of-chrome-3']
  const jobs: number[] = []
  for (const word of words) jobs.push(await enqueue(store, { input: inputWith(word) }))
  const worker = await workers.forked(1)
  worker.outputFile = outputOf(paths, worker.assignment.workerId)
  const files: string[] = []
  for (const [index, id] of jobs.entries()) {
    await until('its assignment', () => worker.assignment.jobId === id)
    files.push(chromeOutput(paths, 'day', `job_${id}_attempt_1_member_1`, words[index] ?? ''))
    worker.done(won)
    await untilState(id, 'succeeded')
  }
  t.strictSame(worker.assignment.secrets, words, 'its file contains the secrets of all its jobs')
  worker.exit(0)
  await until('no process', () => scheduler.processes === 0)
  for (const file of files) t.equal(readFileSync(file, 'utf8'), 'page says ***\n')
})

t.test('the next scheduler redacts the output of a worker whose scheduler died', async t => {
  const { paths, store } = await timedStore(t)
  const log = new RecordingLog()
  const jobId = await runningJob(store)
  const assignment: Assignment = {
    ...{ kind: 'assignment', version: 2, workerId: 'w1', jobId, attempt: 1, member: 1, members: 1 },
    ...{ workflow: 'fixture', file: 'f.ts', input: inputWith('canary-of-the-dead') },
    ...{ secrets: ['canary-of-the-dead'], isolation: 'process', start: 'cold', proxy: null, abortGraceMs: 1 },
    trace: { keep: 'off', limitBytes: 1 },
  }
  writeJsonSync(assignmentFile(paths, 'w1'), assignment)
  const output = outputOf(paths, 'w1')
  writeFileSync(output, 'it printed canary-of-the-dead\n')
  writeJsonSync(
    join(paths.workerStates, 'w1.json'),
    workerDocument(assignment, { log: 'logs/day/workers/w1.log' }),
  )
  await recover(store, { paths, log, packer: { pack: () => undefined } }, [], 1_000)
  t.equal(readFileSync(output, 'utf8'), 'it printed ***\n')
  t.notOk(knownSecrets.holds('canary-of-the-dead'), 'the secret is released')
})

t.test('the next scheduler redacts the Chrome output of earlier jobs of a worker', async t => {
  const { paths, store } = await timedStore(t)
  const jobId = await runningJob(store)
  const words = ['canary-of-an-earlier-job', 'canary-of-the-last-job']
  const assignment: Assignment = {
    ...{ kind: 'assignment', version: 2, workerId: 'w1', jobId, attempt: 1, member: 1, members: 1 },
    ...{ workflow: 'fixture', file: 'f.ts', input: inputWith(words[1] ?? ''), secrets: words },
    ...{ stemsBefore: ['job_900_attempt_2_member_1'], isolation: 'browser', start: 'reused', proxy: null },
    ...{ abortGraceMs: 1, trace: { keep: 'off', limitBytes: 1 } },
  }
  writeJsonSync(assignmentFile(paths, 'w1'), assignment)
  const document = workerDocument(assignment, { log: 'logs/23-03-2026/workers/w1.log', job: null })
  writeJsonSync(join(paths.workerStates, 'w1.json'), document)
  const files = [
    chromeOutput(paths, '23-03-2026', 'job_900_attempt_2_member_1', words[0] ?? ''),
    chromeOutput(paths, '24-03-2026', `job_${jobId}_attempt_1_member_1`, words[1] ?? ''),
    chromeOutput(paths, '25-03-2026', 'worker_w1_chrome_3', words[1] ?? ''),
  ]
  const now = new Date(2026, 2, 26, 12).getTime()
  await recover(store, { paths, log: new RecordingLog(), packer: { pack: () => undefined } }, [], now)
  for (const file of files) t.equal(readFileSync(file, 'utf8'), 'page says ***\n', file)
})
