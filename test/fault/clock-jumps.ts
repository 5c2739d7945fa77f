import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { z } from 'zod'
import type { Automate, JsonLine } from '../helpers/program/automate.ts'
import { FakedTime } from '../helpers/processes/faked-time.ts'
import { JourneyProject } from '../helpers/store/journey-project.ts'
import { until } from '../helpers/until.ts'
import { writeClockHistory } from './clock-history.ts'
import type { ClockHistory } from './clock-history.ts'

const WORKFLOWS = fileURLToPath(new URL('../fixtures/clock', import.meta.url))

/**
 * Number of workers. The swarm of two and the single job take all of them, so the jobs of schedules
 * are queued and wait.
 */
const WORKERS = 3

/** Time limit. A machine under load takes half a minute to start Node. */
const PATIENCE_MS = 180_000

/** Most time between a run and the clock when the test sees it, on a machine under load. */
const LATE_MS = 120_000

/** Limit of a jump back, in seconds. Smaller jumps back repeat nothing: see `docs/schedules.md`. */
const STARTS_OVER_S = 300

const SCHEDULES = [
  { name: 'by-the-clock', workflow: 'ticks', cron: '* * * * * *', overlap: 'skip' },
  { name: 'often', workflow: 'ticks', every: '1s', overlap: 'skip' },
] as const

const Status = z.looseObject({
  scheduler: z.looseObject({ phase: z.string(), active: z.int() }),
  silentMs: z.int().nullable(),
  counts: z.record(z.string(), z.int()),
  services: z.array(z.looseObject({ name: z.string(), actual: z.string() })),
})

const ScheduleLine = z.looseObject({
  event: z.literal('schedule'),
  schedule: z.string(),
  outcome: z.string(),
  at: z.coerce.date(),
  missed: z.int(),
})

export interface ClockJumps {
  /** Seconds of each jump while a scheduler runs, in order; negative for back. */
  readonly jumps: readonly number[]
  /** Seconds of jumps while no scheduler runs, each before another start. */
  readonly starts: readonly number[]
  /** Path of an empty folder. */
  readonly root: string
  readonly say?: (line: string) => void
}

/**
 * Moves the clock of a scheduler that has schedules, a swarm, a single job and an old history, then
 * the clock of stopped ones. Returns the faults in words; none if all is well.
 */
export async function jumpClock(
  t: Pick<Test, 'teardown'>,
  { jumps, starts, root, say = () => undefined }: ClockJumps,
): Promise<string[]> {
  const project = new JourneyProject(t, root)
  const config = { workers: WORKERS, warmWorkers: 0, workflows: [WORKFLOWS], schedules: SCHEDULES }
  writeFileSync(join(root, 'automate.config.ts'), `export default ${JSON.stringify(config)}\n`)
  const time = new FakedTime(root)
  const clock = { time, project, history: await writeClockHistory(project.paths) }
  const gate = { gate: join(root, 'gate'), begun: join(root, 'begun') }
  const jobs = [await enqueue(project, '2', gate), await enqueue(project, '1', gate)]

  const first = new RunningClock(clock)
  const atGate = () => project.workers().filter(({ phase }) => phase?.step === 'gate')
  await until('all workers at the gate', () => atGate().length === WORKERS, PATIENCE_MS)
  await first.untilTicks()
  for (const seconds of jumps) {
    say(`jump by ${seconds} s`)
    await first.jump(seconds)
    await first.check(WORKERS, jobs.length)
  }
  writeFileSync(gate.gate, '')
  for (const id of jobs) await first.untilSucceeded(`job ${id}`, ({ job }) => job === id)
  const begun = readFileSync(gate.begun, 'utf8').trim().split('\n').length
  if (begun !== jobs.length) first.problems.push(`${jobs.length} discoveries were begun ${begun} times`)
  await first.untilSucceeded('a job of a schedule', ({ workflow }) => workflow === 'ticks')
  await first.end()

  const problems = [...first.problems]
  for (const seconds of starts) {
    say(`start after a jump by ${seconds} s`)
    time.jump(seconds)
    const next = new RunningClock(clock)
    await next.untilTicks()
    await next.untilLogged(seconds < 0 ? 'The clock was set back by' : 'No scheduler ran for')
    await next.untilSucceeded('a job of a schedule', ({ workflow }) => workflow === 'ticks')
    await next.check(null, null)
    await next.end()
    problems.push(...next.problems)
  }
  return problems
}

/** Queues a job for `workers` workers that ends when its gate is open. */
async function enqueue(
  project: JourneyProject,
  workers: string,
  { gate, begun }: Readonly<Record<'gate' | 'begun', string>>,
): Promise<number> {
  const input = ['--input', `gate=${gate}`, '--input', `begun=${begun}`]
  const { id } = await project.ask(
    z.object({ id: z.int() }),
    'enqueue',
    'gated',
    '--workers',
    workers,
    ...input,
  )
  return id
}

interface ClockProject {
  readonly time: FakedTime
  readonly project: JourneyProject
  readonly history: ClockHistory
}

/** Scheduler under a clock that jumps. */
class RunningClock {
  readonly problems: string[] = []
  private readonly clock: ClockProject
  private readonly scheduler: Automate
  private jumps = 0

  constructor(clock: ClockProject) {
    this.clock = clock
    this.scheduler = clock.project.start(['--no-tui', '--json'], { env: clock.time.env })
  }

  /** Moves the clock, and waits until the log and the schedules show the new time. */
  async jump(seconds: number): Promise<void> {
    const { time } = this.clock
    const seen = this.runs().length
    time.jump(seconds)
    this.jumps += 1
    await this.untilLogged('The clock jumped', this.jumps)
    const [, direction] =
      this.scheduler.stderr
        .split('The clock jumped ')
        .at(-1)
        ?.match(/^(\w+) by/) ?? []
    if (direction !== (seconds < 0 ? 'back' : 'forward'))
      this.problems.push(`the log calls the jump by ${seconds} s one ${direction ?? ''}`)
    await this.untilTicks(seen)
    const after = this.runs()
      .slice(seen)
      .filter(({ at }) => Math.abs(at.getTime() - time.now()) < LATE_MS)
    if (seconds > 0 && !after.some(({ missed }) => missed > 0))
      this.problems.push(`no run after the jump by ${seconds} s counts what was missed`)
    if (seconds < -STARTS_OVER_S)
      for (const { name } of SCHEDULES) await this.untilLogged(`Schedule "${name}" continues from now`)
  }

  /**
   * Waits until each schedule was due twice by the present time of the clock, not counting the
   * first `seen` runs.
   */
  untilTicks(seen = 0): Promise<boolean> {
    const now = () => this.clock.time.now()
    return this.until(`runs of all schedules at ${new Date(now()).toISOString()}`, () => {
      const runs = this.runs().slice(seen)
      return SCHEDULES.every(({ name }) => {
        const own = runs.filter(({ schedule, outcome }) => schedule === name && outcome !== 'missed')
        return own.filter(({ at }) => Math.abs(at.getTime() - now()) < LATE_MS).length >= 2
      })
    })
  }

  /** Waits until the log contains a text `times` times. */
  untilLogged(text: string, times = 1): Promise<boolean> {
    return this.until(`"${text}" in the log`, () => this.scheduler.stderr.split(text).length > times)
  }

  untilSucceeded(what: string, fits: (line: JsonLine) => boolean): Promise<boolean> {
    return this.until(`the end of ${what}`, () =>
      this.scheduler
        .events()
        .some(line => line.event === 'job' && line['state'] === 'succeeded' && fits(line)),
    )
  }

  /**
   * Compares the user's view with the facts: `workers` and `jobs` run, if the number is known, and
   * nothing was removed.
   */
  async check(workers: number | null, jobs: number | null): Promise<void> {
    const { project, time, history } = this.clock
    const { code, stdout, stderr } = await project.run(['status', '--json'], { env: time.env })
    const at = `at ${new Date(time.now()).toISOString()}`
    if (code !== 0) {
      this.problems.push(`status ended with ${code ?? 'a signal'} ${at}: ${stderr}`)
      return
    }
    const { scheduler, silentMs, counts, services } = Status.parse(JSON.parse(stdout))
    const { running, failed, parked } = counts
    if (scheduler.phase !== 'scheduling' || silentMs !== null)
      this.problems.push(`status says ${scheduler.phase}, silent for ${silentMs ?? 0} ms ${at}`)
    if (workers !== null && (scheduler.active !== workers || running !== jobs))
      this.problems.push(`${scheduler.active} workers and ${running ?? 0} jobs run ${at}`)
    if (failed !== 0 || parked !== 0) this.problems.push(`${failed ?? 0} failed, ${parked ?? 0} parked ${at}`)
    for (const { name, actual } of services)
      if (actual === 'failed') this.problems.push(`service ${name} failed ${at}`)
    for (const missing of await history.missing()) this.problems.push(`${missing} is gone ${at}`)
  }

  /** Stops the scheduler. */
  async end(): Promise<void> {
    this.scheduler.signal('SIGTERM')
    const { code, signal, stderr } = await this.scheduler.ended
    if (code !== 0) this.problems.push(`the scheduler ended with ${code ?? signal ?? ''}: ${stderr}`)
  }

  private runs(): z.output<typeof ScheduleLine>[] {
    return this.scheduler.events().flatMap(line => ScheduleLine.safeParse(line).data ?? [])
  }

  private async until(what: string, look: () => boolean): Promise<boolean> {
    try {
      return await until(what, look, PATIENCE_MS)
    } catch (error) {
      throw new Error(`${this.scheduler.stdout}\n${this.scheduler.stderr}`, { cause: error })
    }
  }
}
