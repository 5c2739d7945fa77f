import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { awaitVerdict } from '../../../bin/takeover/await-verdict.ts'
import { systemClock } from '../../../lib/core/time/clock.ts'
import type { WorkerWait } from '../../../lib/model/worker/worker-wait.ts'
import { writeJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { richSnapshot } from '../../fixtures/console/snapshot.ts'
import { newProject } from '../../helpers/store/project.ts'

const paths = newProject()
const sample = richSnapshot().workers.find(({ job, state }) => job !== null && state === 'busy')
const job = sample?.job ?? null
if (sample === undefined || job === null) throw new Error('no sample')
const worker = { ...sample, job }
const fileOfWorker = join(paths.workerStates, `${worker.workerId}.json`)
const now = systemClock.now()
const asked: WorkerWait = { id: 2, for: 'person', what: 'The code', since: now, deadlineAt: now + 600_000 }
const refused = (count: number) => ({ ...asked, refused: { count, why: '"code": is too short' } })

/** Writes the worker's document. `orderId` is the id of the order that answered the question. */
function write(waiting?: WorkerWait, orderId?: string): void {
  const rest = { ...worker }
  delete rest.waiting
  const answered = orderId === undefined ? {} : { answered: { waitingId: asked.id, orderId } }
  writeJsonSync(fileOfWorker, { ...rest, ...answered, ...(waiting === undefined ? {} : { waiting }) })
}

t.test('an answer is accepted if it ended the wait', async t => {
  write(asked)
  const verdict = awaitVerdict(paths, worker, asked, 'a1')
  write(undefined, 'a1')
  t.equal(await verdict, 'taken')
  write({ ...asked, id: 3 }, 'a1')
  t.equal(await awaitVerdict(paths, worker, asked, 'a1'), 'taken', 'the worker asks the next question')
})

t.test('only the accepted one of two simultaneous answers is reported as accepted', async t => {
  write(asked)
  const verdict = awaitVerdict(paths, worker, asked, 'a2')
  write({ ...asked, id: 3 }, 'a1')
  await t.rejects(verdict, {
    code: 'usage',
    message: /has already accepted another answer, so this answer was discarded/,
  })
})

t.test('an answer that the worker refuses is an error, and an earlier refusal is not', async t => {
  write(refused(1))
  const verdict = awaitVerdict(paths, worker, refused(1), 'a1')
  write(refused(2))
  await t.rejects(verdict, { code: 'input-invalid', message: /rejected the answer: "code": is too short/ })
})

t.test('an answer stays unconfirmed if its question timed out or its worker has gone', async t => {
  write()
  t.equal(await awaitVerdict(paths, worker, asked, 'a1'), 'given')
  rmSync(fileOfWorker)
  t.equal(await awaitVerdict(paths, worker, asked, 'a1'), 'given')
})
