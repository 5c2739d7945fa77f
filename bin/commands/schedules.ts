import { systemClock } from '../../lib/core/time/clock.ts'
import { AutomateError } from '../../lib/core/errors/errors.ts'
import { machineZone } from '../../lib/model/schedule/due-times.ts'
import { describeIssues } from '../../lib/model/issues.ts'
import type { Schedule } from '../../lib/model/schedule/schedule.ts'
import { ScheduleRequest } from '../../lib/model/schedule/schedule-request.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { runsAhead } from '../../screens/details/schedule-next.ts'
import { scheduleRunWords, whenWords } from '../../screens/details/schedule-words.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { declareSchedules, knownSchedules } from '../../lib/app/project/declared-schedules.ts'
import { findWorkflow, jobInput } from '../../lib/app/use-cases/job-input.ts'
import { localTime, printResult, table } from '../output/output.ts'
import { openProject, wordsOf } from '../../lib/app/project/project.ts'
import type { Project, ProjectFlags } from '../../lib/app/project/project.ts'
import { withQueueWarning } from '../../lib/app/use-cases/queue-warning.ts'
import { findSchedule, runScheduleNow } from '../../lib/app/use-cases/run-schedule.ts'
import { readStore, withStore } from '../../lib/app/project/with-store.ts'
import type { StoreCalls } from '../../lib/app/project/with-store.ts'
import { numberFlag, priorityFlag, workersFlag } from '../job-flags.ts'

/** Flags of `schedules add`, in addition to name and workflow. */
export interface AddFlags {
  readonly cron?: string
  readonly every?: string
  readonly timeZone?: string
  readonly active?: string
  readonly jitter?: string
  readonly catchUp?: string
  readonly overlap?: string
  readonly input: readonly string[]
  readonly inputFile?: string
  readonly workers?: string
  readonly priority?: string
  readonly replace: boolean
}

export async function listSchedules(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const words = wordsOf(project)
  const { schedules, services } = await readSchedules(project, async (store, alone) => ({
    schedules: await knownSchedules(project, store, alone),
    services: await store.call('services.list', {}),
  }))
  const rows = schedules.map(schedule => ({ ...schedule, nextAt: nextOf(schedule) }))
  printResult(rows, json, list =>
    list.length === 0
      ? words.schedules.none
      : table(
          Object.values(words.schedules.columns),
          list.map(one => [
            one.name,
            one.workflow,
            whenWords(one, words.schedules),
            nextWords(one, words),
            lastWords(one, words),
            words.schedules.source[one.source],
          ]),
        ),
  )
  if (services.some(({ name, desired }) => name === 'cron' && desired === 'stopped')) {
    process.stderr.write(`${words.schedules.stopped}\n`)
  }
  return EXIT.done
}

/**
 * Adds a schedule.
 * @throws `usage` with the name of the flag, `workflow-missing`, or `input-invalid`.
 */
export async function addSchedule(
  flags: ProjectFlags,
  names: { readonly name: string; readonly workflow: string },
  own: AddFlags,
  json: boolean,
): Promise<ExitCode> {
  const { cron, every, timeZone, active, jitter, catchUp, overlap } = own
  const request = ScheduleRequest.safeParse({
    ...names,
    ...{ cron, every, timeZone, activeHours: active, jitter, catchUp, overlap },
    workers: workersFlag(own.workers),
    priority: priorityFlag(own.priority),
  })
  if (!request.success) {
    throw new AutomateError('usage', `The schedule is invalid: ${describeIssues(request.error)}.`)
  }
  const project = await openProject(flags)
  const { schedules: words } = wordsOf(project)
  const workflow = await findWorkflow(project, names.workflow)
  const input = jobInput(workflow, own.input, own.inputFile)
  const { replace } = own
  const { done, warnIfNotScheduling } = await withQueueWarning(
    project,
    declared(project, store =>
      store.call('schedules.put', { schedule: { ...request.data, input }, replace }),
    ),
  )
  const confirmation = done.revision === 0 ? words.added : words.replaced
  printResult({ ...done, nextAt: nextOf(done) }, json, () =>
    done.paused ? words.replacedPaused(done.name) : confirmation(done.name, nextTime(done, words)),
  )
  warnIfNotScheduling()
  return EXIT.done
}

export async function removeSchedule(flags: ProjectFlags, json: boolean, name: string): Promise<ExitCode> {
  const project = await openProject(flags)
  const { schedules: words } = wordsOf(project)
  const { cancelled } = await changeSchedules(project, store => store.call('schedules.remove', { name }))
  printResult({ name, cancelled }, json, () => withCancelled(words.removed(name), cancelled, words))
  return EXIT.done
}

export async function pauseSchedule(
  flags: ProjectFlags,
  json: boolean,
  name: string,
  paused: boolean,
): Promise<ExitCode> {
  const project = await openProject(flags)
  const { schedules: words } = wordsOf(project)
  const { cancelled, schedule } = await changeSchedules(project, async store => ({
    ...(await store.call('schedules.pause', { name, paused })),
    schedule: (await store.call('schedules.list', {})).find(one => one.name === name),
  }))
  printResult({ name, paused, cancelled }, json, () =>
    paused || schedule === undefined
      ? withCancelled(words.pausedNow(name), cancelled, words)
      : words.resumedNow(name, nextTime(schedule, words)),
  )
  return EXIT.done
}

/**
 * Queues a job of the schedule now.
 * @throws `schedule-missing` or `workflow-missing`.
 */
export async function runSchedule(flags: ProjectFlags, json: boolean, name: string): Promise<ExitCode> {
  const project = await openProject(flags)
  const words = wordsOf(project)
  let warnIfNotScheduling: () => void = () => undefined
  const ask = async <T>(use: (store: StoreCalls) => Promise<T>): Promise<T> => {
    const queued = await withQueueWarning(project, declared(project, use))
    warnIfNotScheduling = queued.warnIfNotScheduling
    return queued.done
  }
  const run = await runScheduleNow(project, ask, name)
  printResult(run, json, ({ jobId, dueAt, ...rest }) =>
    rest.outcome === 'fired' && jobId !== null
      ? words.commands.queued(jobId)
      : scheduleRunWords({ ...rest, job: jobId, due: dueAt }, words.schedules),
  )
  warnIfNotScheduling()
  return EXIT.done
}

/** Maximum number of runs that one command prints for a schedule. */
const MOST_RUNS = 10_000

/**
 * Prints the next runs of one schedule, or of all schedules. A paused schedule has no next runs.
 */
export async function nextOfSchedules(
  flags: ProjectFlags,
  json: boolean,
  name: string | undefined,
  count: string,
): Promise<ExitCode> {
  const many = numberFlag('--count', count) ?? 0
  if (many < 1 || many > MOST_RUNS)
    throw new AutomateError('usage', `--count must be from 1 to ${MOST_RUNS}, got ${count}.`)
  const project = await openProject(flags, { readOnly: true })
  const { schedules: words } = wordsOf(project)
  const schedules = await readSchedules(project, async (store, alone) =>
    name === undefined ? await knownSchedules(project, store, alone) : [await findSchedule(store, name)],
  )
  const now = systemClock.now()
  const rows = schedules
    .flatMap(schedule =>
      runsAhead(schedule, now, many).map(at => ({ schedule: schedule.name, zone: schedule.timeZone, at })),
    )
    .sort((a, b) => a.at - b.at)
  const nothing = schedules.length === 0 ? words.none : words.noNext
  printResult(rows, json, list => (list.length === 0 ? nothing : nextText(list, words)))
  return EXIT.done
}

type Use<T> = (store: StoreCalls, alone: boolean) => Promise<T>

/**
 * Runs `use`, which must only read, on the store, after declaring the schedules of the
 * configuration. Creates no database.
 */
function readSchedules<T>(project: Project, use: Use<T>): Promise<T> {
  return readStore(project, declared(project, use))
}

/**
 * Runs `use`, which may change schedules, on the store, after declaring the schedules of the
 * configuration.
 */
function changeSchedules<T>(project: Project, use: Use<T>): Promise<T> {
  return withStore(project, declared(project, use))
}

/**
 * Returns a function that declares the schedules of the configuration in the store, and then runs
 * `use`.
 */
function declared<T>(project: Project, use: Use<T>): Use<T> {
  return async (store, alone) => {
    await declareSchedules(project, store, alone)
    return use(store, alone)
  }
}

/**
 * Returns the table of next runs. If the time zone of a schedule differs from the machine's, the
 * table has a second column with the time in that zone.
 */
function nextText(
  rows: readonly { readonly schedule: string; readonly zone: string | null; readonly at: number }[],
  { nextColumns }: Catalogue['schedules'],
): string {
  const elsewhere = rows.map(({ at, zone }) => timeInZone(at, zone))
  const zoned = elsewhere.some(text => text !== '')
  return table(
    [nextColumns.schedule, nextColumns.at, ...(zoned ? [nextColumns.inZone] : [])],
    rows.map(({ schedule, at }, index) => [
      schedule,
      localTime(at),
      ...(zoned ? [elsewhere[index] ?? ''] : []),
    ]),
  )
}

/**
 * Formats a time in the time zone of a schedule; empty if the schedule has the machine's time zone.
 */
function timeInZone(at: number, timeZone: string | null): string {
  if (timeZone === null || timeZone === machineZone()) return ''
  return `${new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at)} ${timeZone}`
}

/**
 * Returns the time of the next run, in milliseconds since the Unix epoch; null if the schedule is
 * paused or will never be due again.
 */
function nextOf(schedule: Schedule): number | null {
  return runsAhead(schedule, systemClock.now(), 1)[0] ?? null
}

function nextTime(schedule: Schedule, words: Catalogue['schedules']): string {
  const at = nextOf(schedule)
  return at === null ? words.never : localTime(at)
}

function nextWords(schedule: Schedule, { schedules: words }: Catalogue): string {
  return schedule.paused ? words.paused : nextTime(schedule, words)
}

function lastWords({ last }: Schedule, words: Catalogue): string {
  if (last === null) return ''
  const { jobId, jobState, outcome, at } = last
  const job = jobId === null ? '' : words.headless.job(jobId)
  const state =
    outcome === 'fired' && jobState !== null ? words.jobState[jobState] : words.schedules.outcome[outcome]
  return [localTime(at), job, state].filter(text => text !== '').join(' ')
}

function withCancelled(text: string, cancelled: readonly number[], words: Catalogue['schedules']): string {
  return cancelled.length === 0 ? text : `${text} ${words.cancelled(cancelled.join(', '))}`
}
