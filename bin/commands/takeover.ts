import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { systemClock } from '../../lib/core/time/clock.ts'
import { delay } from '../../lib/core/time/timeout.ts'
import { AutomateError } from '../../lib/core/errors/errors.ts'
import { newId } from '../../lib/core/ids.ts'
import type { WorkerDocument } from '../../lib/model/worker/documents.ts'
import { fieldNames, isForPerson } from '../../lib/model/worker/worker-wait.ts'
import { PAGE_KEYS, PageKey } from '../../lib/model/worker/worker-command.ts'
import type { Answer, InputOrder, WorkerCommand } from '../../lib/model/worker/worker-command.ts'
import { keptWords } from '../../lib/locales/format/kept-words.ts'
import { waitingWords } from '../../lib/locales/format/waiting-words.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import {
  liveWorkers,
  requireHeld,
  requireSameWait,
  requireWaiting,
  requireWorker,
} from '../../lib/app/queries/running-workers.ts'
import type { WaitingWorker, BusyWorker } from '../../lib/app/queries/running-workers.ts'
import { localTime, printResult, table } from '../output/output.ts'
import { openProject, wordsOf } from '../../lib/app/project/project.ts'
import { personAnswer } from '../../lib/app/use-cases/person-answer.ts'
import type { Project, ProjectFlags } from '../../lib/app/project/project.ts'
import { awaitInput, awaitVerdict } from '../takeover/await-verdict.ts'
import { readTyped } from '../takeover/read-typed.ts'
import { sealTyped } from '../../lib/app/use-cases/worker-command.ts'
import { withStore } from '../../lib/app/project/with-store.ts'
import { requireNewFile, writeOutput } from '../../lib/files/write-output.ts'

/**
 * Longest wait for a screenshot from a worker. A worker sends it at once, unless the worker is
 * loading a page or the machine is under load.
 */
const PICTURE_PATIENCE_MS = 20_000
const LOOK_EVERY_MS = 50

/**
 * Longest wait until a page has accepted an input, to which the time for each character is added. A
 * worker under load is late, and each typed character is checked.
 */
const INPUT_TIMEOUT_MS = 10_000
const CHARACTER_TIMEOUT_MS = 50

/** A worker that needs a person, as JSON and as text. */
interface Call {
  readonly told: Pick<WorkerDocument, 'workerId' | 'waiting' | 'kept'> & {
    readonly jobId: number
    readonly workflow: string
    readonly phase: string | null
    readonly devtools?: string | null
  }
  readonly text: string
  readonly since: number
  readonly until: number
}

/** Lists the workers that are waiting for a person, and the held browsers. */
export async function listTakeovers(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const words = wordsOf(project)
  const waiting = (await liveWorkers(project.paths)).flatMap(
    ({ job: { jobId, workflow }, phase, ...worker }): Call[] => {
      const { workerId, waiting, kept, browser } = worker
      const one = { workerId, jobId, workflow, phase: phase?.name ?? null }
      const text = keptWords(worker, words, localTime)
      if (kept !== undefined && text !== undefined) {
        const { since, until } = kept
        return [{ ...{ since, until, text }, told: { ...one, kept, devtools: browser?.devtools ?? null } }]
      }
      if (waiting === undefined || !isForPerson(waiting)) return []
      const { since, deadlineAt: until } = waiting
      return [{ ...{ since, until, text: waitingWords(waiting, words) }, told: { ...one, waiting } }]
    },
  )
  printResult(
    waiting.map(({ told }) => told),
    json,
    () =>
      waiting.length === 0
        ? words.takeover.none
        : table(
            Object.values(words.takeover.columns),
            waiting.map(({ told, text, since, until }) => [
              told.workerId,
              told.jobId,
              text,
              localTime(since),
              localTime(until),
            ]),
          ),
  )
  return EXIT.done
}

/** Pauses a worker before its next action. */
export async function pauseWorker(flags: ProjectFlags, name: string, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags)
  const worker = await requireWorker(project.paths, name)
  await sendCommand(project, worker, { type: 'pause' })
  return told(project, worker, 'pause', json)
}

/**
 * Closes the held browser of a worker.
 * @throws `usage` if the worker holds no browser.
 */
export async function closeKept(flags: ProjectFlags, name: string, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags)
  const worker = await requireHeld(project.paths, name)
  await sendCommand(project, worker, { type: 'close' })
  return told(project, worker, 'close', json)
}

/**
 * Ends the wait of a worker for a person.
 * @throws `usage` if the worker is not waiting for a person.
 */
export async function answerWorker(
  flags: ProjectFlags,
  answer: Answer,
  name: string,
  reason: string,
  json: boolean,
): Promise<ExitCode> {
  const project = await openProject(flags)
  const { worker, waiting } = await requireWaiting(project.paths, name)
  if (answer === 'skip' && waiting.for === 'operator') {
    throw new AutomateError(
      'usage',
      `Worker ${worker.workerId} was paused by the operator, so there is nothing to skip. Resume it with "takeover resume", or make its phase fail with "takeover fail".`,
    )
  }
  if (answer !== 'fail' && waiting.fields !== undefined) {
    throw new AutomateError(
      'usage',
      `Worker ${worker.workerId} needs an answer (${fieldNames(waiting).join(', ')}). Send it on stdin, one name=value per line, to: automate-tui takeover answer ${worker.workerId}`,
    )
  }
  await sendCommand(project, worker, { type: 'answer', waitingId: waiting.id, answer, reason })
  return told(project, worker, answer, json)
}

/**
 * Sends a worker the fields that its workflow requests from a person. The fields are read from
 * stdin and not passed as an argument, because one may be a password.
 */
export async function commandWorker(flags: ProjectFlags, name: string, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags)
  const called = await requireWaiting(project.paths, name)
  const given = await readTyped(wordsOf(project).takeover.typeNow(called.worker.workerId))
  await requireSameWait(project.paths, called)
  const { worker, waiting } = called
  const { workerId } = worker
  const answer = personAnswer(waiting, given, workerId)
  const sealed = sealTyped(JSON.stringify(answer), workerId)
  const id = newId(systemClock.now())
  const order = { type: 'answer', waitingId: waiting.id, answer: 'resume', reason: '', sealed, id } as const
  await sendCommand(project, worker, order)
  const verdict = await awaitVerdict(project.paths, worker, waiting, id)
  const { jobId } = worker.job
  const { asked } = wordsOf(project).takeover
  printResult({ workerId, jobId, asked: 'answer', verdict }, json, () =>
    verdict === 'taken' ? asked.answer(workerId) : asked.given(workerId),
  )
  return EXIT.done
}

/**
 * Clicks on the page of a worker that is waiting for a person. `x` and `y` are in pixels of the
 * page, as in the screenshot that `picture` writes.
 */
export async function clickPage(
  flags: ProjectFlags,
  name: string,
  [x, y]: readonly [string, string],
  json: boolean,
): Promise<ExitCode> {
  const project = await openProject(flags)
  const called = await requireWaiting(project.paths, name)
  const order = { type: 'click', x: pixel(x), y: pixel(y), unit: 'pixel' } as const
  return act(project, called, { ...order, waitingId: called.waiting.id }, json)
}

/**
 * Types the text from stdin into the page of a waiting worker. The text is not passed as an
 * argument, because it may be a password.
 */
export async function typeText(flags: ProjectFlags, name: string, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags)
  const called = await requireWaiting(project.paths, name)
  const typed = (await readTyped(wordsOf(project).takeover.typeNow(called.worker.workerId))).replace(
    /\r?\n$/,
    '',
  )
  await requireSameWait(project.paths, called)
  const { worker, waiting } = called
  const sealed = sealTyped(typed, worker.workerId)
  const timeoutMs = INPUT_TIMEOUT_MS + CHARACTER_TIMEOUT_MS * typed.length
  return act(project, called, { type: 'text', sealed, waitingId: waiting.id }, json, timeoutMs)
}

/**
 * Presses a key that types no character, such as Enter.
 * @throws `usage` if the key is unknown.
 */
export async function pressKey(
  flags: ProjectFlags,
  name: string,
  key: string,
  json: boolean,
): Promise<ExitCode> {
  const parsed = PageKey.safeParse(key)
  if (!parsed.success) {
    throw new AutomateError('usage', `There is no key "${key}". Use one of ${PAGE_KEYS.join(', ')}.`)
  }
  const project = await openProject(flags)
  const called = await requireWaiting(project.paths, name)
  return act(project, called, { type: 'key', key: parsed.data, waitingId: called.waiting.id }, json)
}

/**
 * Sends an input to a worker, and waits until it is performed on the page.
 * @throws `usage` with the reason if the input is not performed.
 */
async function act(
  project: Project,
  { worker, waiting }: WaitingWorker,
  order: InputOrder,
  json: boolean,
  timeoutMs = INPUT_TIMEOUT_MS,
): Promise<ExitCode> {
  const id = newId(systemClock.now())
  await sendCommand(project, worker, { ...order, id })
  const verdict = await awaitInput(project.paths, worker, waiting, id, timeoutMs)
  return told(project, worker, verdict === 'taken' ? 'input' : 'sent', json)
}

/**
 * Writes a screenshot of a worker's page as PNG, and prints its path and the address of the page.
 * @throws `deadline` if the worker sends no screenshot, `usage` if the named file exists.
 */
export async function pictureOf(
  flags: ProjectFlags,
  name: string,
  file: string | undefined,
  json: boolean,
): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const worker = await requireWorker(project.paths, name)
  const picture = newId(systemClock.now())
  const made = join(project.paths.pictures, `${worker.workerId}_${picture}.png`)
  const madeAddress = join(project.paths.pictures, `${worker.workerId}_${picture}.address`)
  const path = resolve(file ?? `${worker.workerId}.png`)
  // Checked before the request, because the page counts as seen by a person once the screenshot
  // exists.
  if (file !== undefined) requireNewFile(path)
  const giveUpAt = systemClock.monotonic() + PICTURE_PATIENCE_MS
  await sendCommand(project, worker, { type: 'picture', name: picture })
  while (!existsSync(made)) {
    if (systemClock.monotonic() > giveUpAt) {
      throw new AutomateError(
        'deadline',
        `Worker ${worker.workerId} returned no picture within ${PICTURE_PATIENCE_MS} ms. The reason is in "automate-tui logs".`,
      )
    }
    await delay(LOOK_EVERY_MS, systemClock)
  }
  const address = readFileSync(madeAddress, 'utf8')
  try {
    const option = `picture ${worker.workerId}`
    writeOutput(path, { data: readFileSync(made), option, named: file !== undefined })
  } finally {
    for (const one of [made, madeAddress]) rmSync(one, { force: true })
  }
  printResult({ workerId: worker.workerId, path, address }, json, () =>
    wordsOf(project).takeover.picture(path, address),
  )
  return EXIT.done
}

async function sendCommand(
  project: Project,
  { workerId }: WorkerDocument,
  order: WorkerCommand,
): Promise<void> {
  await withStore(project, store => store.call('worker-commands.give', { workerId, order }))
}

function told(
  project: Project,
  { workerId, job: { jobId } }: BusyWorker,
  asked: 'pause' | 'input' | 'sent' | 'close' | Answer,
  json: boolean,
): ExitCode {
  printResult({ workerId, jobId, asked }, json, () => wordsOf(project).takeover.asked[asked](workerId))
  return EXIT.done
}

function pixel(value: string): number {
  const number = Number(value)
  if (value.trim() !== '' && Number.isFinite(number) && number >= 0) return number
  throw new AutomateError('usage', `"${value}" is not a number of pixels. Give a number of at least 0.`)
}
