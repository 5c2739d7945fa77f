import { ISOLATION_LEVELS } from '../../lib/model/job/workflow.ts'
import type { Outcome } from '../../lib/model/job/outcome.ts'
import { randomFrom } from './random.ts'
import { drawDependencies, waitsForOperator } from './simulated-dependencies.ts'
import { SIMULATED_DOMAINS } from './simulated-limits.ts'
import { SchedulerWorld } from './scheduler-world.ts'
import type { SimulatedMember } from './simulated-worker.ts'

const STEPS = 60
const HOUR_MS = 3_600_000

const error = (code: 'navigate' | 'hard-fail') => ({ name: 'E', code, message: 'm', stack: '', facts: {} })

/**
 * Runs one history, chosen by the seed. Returns the number of ended jobs.
 * @throws if a rule that must always hold is broken.
 */
export function liveThrough(seed: number): number {
  const random = randomFrom(seed)
  const upTo = (n: number) => Math.floor(random() * n)
  const pick = <T>(list: readonly T[]): T | undefined => list[upTo(list.length)]
  const world = new SchedulerWorld(1 + upTo(6), upTo(3), random)

  const outcome = (): Outcome => {
    const chance = random()
    if (chance < 0.5) return { status: 'succeeded', result: upTo(100) }
    if (chance < 0.8) return { status: 'failed', error: error('navigate'), phase: null }
    if (chance < 0.9) return { status: 'failed', error: error('hard-fail'), phase: null }
    return { status: 'crashed', error: error('navigate'), phase: null, exitCode: 1, signal: null }
  }
  const died = (): Outcome => ({
    ...{ status: 'crashed', error: error('navigate'), phase: null, exitCode: 1, signal: null },
  })
  const hear = (member: SimulatedMember) => {
    member.seenAt ??= world.monotonic
    member.mustAnswerAt = world.monotonic + upTo(60_000)
  }
  const happenings: readonly (() => void)[] = [
    () =>
      world.enqueue({
        workflow: pick(ISOLATION_LEVELS) ?? 'process',
        priority: upTo(3),
        workers: 1 + upTo(8),
        retries: upTo(3),
        dueAt: world.now + upTo(3) * upTo(20_000),
        domains: SIMULATED_DOMAINS.filter(() => random() < 0.3),
        ...drawDependencies(random, world.jobs),
      }),
    () => world.cancel(1 + upTo(world.jobs.size)),
    () => world.retry(1 + upTo(world.jobs.size)),
    () => {
      const member = pick(world.busy())
      if (member !== undefined) world.done(member, outcome(), upTo(1_200))
    },
    () => world.busy().forEach(hear),
    () => {
      // The worker is busy or idle, starting or leaving.
      const worker = pick(world.living())
      if (worker !== undefined) world.exit(worker, died())
    },
    () => {
      for (const worker of world.living()) {
        if (worker.stoppingAt !== null && random() < 0.5) world.exit(worker, died())
        else worker.ready ||= random() < 0.5
      }
    },
    () => {
      // A reread of the workflows makes workers stale.
      if (random() < 0.1) for (const worker of world.living()) worker.stale = worker.serves !== null
    },
    () => {
      const run = pick([...world.runs.values()])
      if (run !== undefined) run.best = { result: upTo(100), targetMet: random() < 0.5 }
    },
    () => {
      world.mode = random() < 0.5 ? 'paused' : 'scheduling'
    },
    () => {
      if (random() < 0.2) world.restart()
    },
    () => {
      // The disk becomes full, or has room again.
      if (random() < 0.3) world.writableSince = world.writableSince === null ? world.monotonic : null
    },
    () => {
      if (random() < 0.3) world.hold(pick(SIMULATED_DOMAINS) ?? 'a', 1 + upTo(60_000))
    },
    () => {
      if (random() < 0.2) world.jump(random() < 0.5 ? HOUR_MS : -HOUR_MS)
    },
  ]

  for (let step = 0; step < STEPS; step++) {
    pick(happenings)?.()
    const wakeAt = world.turn()
    world.check()
    if (wakeAt !== null && wakeAt <= world.now) throw new Error('a wake in the past would be a busy loop')
    world.now = random() < 0.5 && wakeAt !== null ? wakeAt : world.now + upTo(5_000)
  }
  if (random() < 0.5) drain(world, random, outcome)
  return comeToRest(world, outcome)
}

/**
 * Orders the scheduler to end while jobs run, perhaps at once. It claims no more jobs, the running
 * jobs end, no worker remains, and the next scheduler finds the rest.
 */
function drain(world: SchedulerWorld, random: () => number, outcome: () => Outcome): void {
  const claims = () => [...world.jobs.values()].reduce((sum, { attempt }) => sum + attempt, 0)
  const claimed = claims()
  world.mode = 'draining'
  for (let round = 0; round < 1_000 && world.living().length + world.runs.size > 0; round++) {
    if (random() < 0.05) world.mode = 'shutdown'
    const wakeAt = world.turn()
    if (world.mode === 'shutdown' && world.busy().some(({ stop }) => stop === null))
      throw new Error('a worker is not told of the shutdown')
    for (const worker of world.living()) {
      if (random() < 0.5) continue
      if (worker.stoppingAt !== null) world.exit(worker, outcome())
      else if (!worker.ready) worker.ready = true
      else if (worker.member !== null) world.done(worker.member, outcome(), 0)
    }
    world.now = random() < 0.5 && wakeAt !== null ? Math.max(world.now, wakeAt) : world.now + 1_000
  }
  world.check()
  if (claims() !== claimed) throw new Error('a job was claimed by a scheduler that drains')
  if (world.runs.size > 0) throw new Error('a scheduler that drains has left a job running')
  if (world.living().length > 0) throw new Error('a worker outlives the scheduler that drained')
  world.restart()
}

/** Lets all running work end. Then no worker remains, and no job waits that could run. */
function comeToRest(world: SchedulerWorld, outcome: () => Outcome): number {
  world.writableSince ??= world.monotonic
  world.mode = 'scheduling'
  for (let round = 0; round < 2_000; round++) {
    const wakeAt = world.turn()
    const busy = world.busy()
    const starting = world.living().filter(({ ready }) => !ready)
    const leaving = world.living().filter(({ stoppingAt: leavingAt }) => leavingAt !== null)
    const queued = [...world.jobs.values()].some(
      job => !ENDED.has(job.state) && !waitsForOperator(job, world.jobs),
    )
    if (!queued && starting.length + leaving.length === 0) break
    busy.forEach(member => world.done(member, outcome(), 0))
    leaving.forEach(worker => world.exit(worker, outcome()))
    for (const worker of starting) worker.ready = true
    if (wakeAt !== null && busy.length + leaving.length === 0) world.now = Math.max(world.now, wakeAt)
  }
  world.check()
  for (const job of world.jobs.values()) {
    const { id, state } = job
    if (!ENDED.has(state) && !waitsForOperator(job, world.jobs))
      throw new Error(`job ${id} is lost: ${state} for ever`)
  }
  checkPool(world)
  world.mode = 'draining'
  for (let round = 0; round < 100 && world.living().length > 0; round++) {
    const wakeAt = world.turn()
    for (const worker of world.living()) if (worker.stoppingAt !== null) world.exit(worker, outcome())
    // A process that survived its kill is killed again.
    world.now = Math.max(world.now, wakeAt ?? 0)
  }
  if (world.living().length > 0) throw new Error('a worker outlives its scheduler')
  return world.jobs.size
}

/** Checks that the warm workers are complete when nothing is queued. */
function checkPool(world: SchedulerWorld): void {
  for (let round = 0; round < 10; round++) {
    world.now += Math.max(0, world.warmAfter - world.monotonic)
    world.turn()
    for (const worker of world.living()) worker.ready = true
  }
  const warm = world
    .living()
    .filter(({ serves, stoppingAt: leavingAt }) => serves === null && leavingAt === null).length
  const room = world.slots + world.warm - world.living().length
  if (warm < world.warm && room > 0) throw new Error(`${warm} warm workers, not ${world.warm}`)
}

const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled', 'parked'])
