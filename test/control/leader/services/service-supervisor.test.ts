import { join } from 'node:path'
import t from 'tap'
import {
  MAX_FAILURES,
  ServiceSupervisor,
} from '../../../../lib/control/leader/services/service-supervisor.ts'
import type { ServiceDoing } from '../../../../lib/model/worker/documents.ts'
import type { Service, StopReason } from '../../../../lib/control/service.ts'
import { ServiceDocument } from '../../../../lib/model/worker/documents.ts'
import { readJsonSync } from '../../../../lib/files/documents/atomic-json.ts'
import { FakeClock } from '../../../helpers/fake-clock.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'
import { newProject } from '../../../helpers/store/project.ts'

/** Service that starts and stops only when the test opens its gate. */
class GatedService implements Service {
  readonly name = 'gated'
  readonly desiredAtFirst = 'stopped'
  essential = false
  readonly doings: string[] = []
  atOnce = 0
  mostAtOnce = 0
  failed: (error: unknown) => void = () => undefined
  private gates: { open: () => void; break: (error: Error) => void }[] = []
  private arrivals: (() => void)[] = []

  start(failed: (error: unknown) => void): Promise<void> {
    this.failed = failed
    return this.reachGate('start')
  }

  stop(reason: StopReason): Promise<void> {
    return this.reachGate(reason === 'restart' ? 'stop for a restart' : reason)
  }

  doing(): ServiceDoing {
    return { what: 'swept', count: 1 }
  }

  /** Lets the operation at the gate, or the next to reach the gate, continue or fail. */
  async pass(error?: Error): Promise<void> {
    while (this.gates.length === 0) await new Promise<void>(resolve => this.arrivals.push(resolve))
    const gate = this.gates.shift()
    if (error === undefined) gate?.open()
    else gate?.break(error)
  }

  private async reachGate(what: string): Promise<void> {
    this.doings.push(what)
    this.atOnce++
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce)
    try {
      await new Promise<void>((open, fail) => {
        this.gates.push({ open, break: fail })
        this.arrivals.splice(0).forEach(arrived => arrived())
      })
    } finally {
      this.atOnce--
    }
  }
}

const STOPPED = { desired: 'stopped', generation: 0, starts: 0 } as const
const RUNNING = { desired: 'running', generation: 0, starts: 0 } as const

/** Wall clock that is set back, while timers continue as before. */
class SlowClock extends FakeClock {
  behindMs = 0

  override now(): number {
    return super.now() - this.behindMs
  }
}

function kept() {
  const paths = newProject()
  const service = new GatedService()
  const clock = new SlowClock()
  const log = new RecordingLog()
  const keeper = new ServiceSupervisor({ paths, clock, log }, service, STOPPED)
  const state = () => readJsonSync(join(paths.serviceStates, 'gated.json'), ServiceDocument)
  return { service, keeper, state, clock, log }
}

t.test('a service starts, reports its state, and stops', async t => {
  const { service, keeper, state } = kept()
  t.match(state(), { actual: 'stopped', desired: 'stopped' })
  const starting = keeper.want(RUNNING)
  t.match(state(), { actual: 'starting', desired: 'running' })
  await service.pass()
  await starting
  t.match(state(), { actual: 'running', message: '', doing: { what: 'swept', count: 1 }, restarts: 0 })
  const stopping = keeper.want(STOPPED)
  t.match(state(), { actual: 'stopping' })
  await service.pass()
  await stopping
  t.match(state(), { actual: 'stopped', message: '', doing: null })
  await keeper.want(STOPPED)
  const again = keeper.want(RUNNING)
  await service.pass()
  await again
  t.strictSame(service.doings, ['start', 'stop', 'start'], 'a wish without effect does not block a later one')
})

t.test('a start of a starting or running service does nothing', async t => {
  const { service, keeper } = kept()
  const wishes = [keeper.want(RUNNING), keeper.want({ ...RUNNING, starts: 1 })]
  await service.pass()
  await Promise.all(wishes)
  await keeper.want({ ...RUNNING, starts: 2 })
  t.strictSame(service.doings, ['start'])
})

t.test('a stop waits for a pending start, and a start for a pending stop', async t => {
  const { service, keeper, state } = kept()
  const first = keeper.want(RUNNING)
  const second = keeper.want(STOPPED)
  t.strictSame(service.doings, ['start'])
  await service.pass()
  await service.pass()
  await Promise.all([first, second])
  t.match(state(), { actual: 'stopped' })
  const third = keeper.want(RUNNING)
  await service.pass()
  await third
  const wishes = [keeper.want(STOPPED), keeper.want({ ...RUNNING, generation: 1 })]
  await service.pass()
  await service.pass()
  await Promise.all(wishes)
  t.match(state(), { actual: 'running', restarts: 1 })
  t.strictSame(service.doings, ['start', 'stop', 'start', 'stop', 'start'])
  t.equal(service.mostAtOnce, 1, 'one operation at a time')
})

t.test('a restart stops and starts the service', async t => {
  const { service, keeper, state } = kept()
  const start = keeper.want(RUNNING)
  await service.pass()
  await start
  const restart = keeper.want({ ...RUNNING, generation: 1 })
  await service.pass()
  await service.pass()
  await restart
  t.match(state(), { actual: 'running', restarts: 1 })
  t.strictSame(service.doings, ['start', 'stop for a restart', 'start'])
  t.comment('a stop after a restart, before either was received')
  const stopped = keeper.want({ ...STOPPED, generation: 2 })
  await service.pass()
  await stopped
  t.match(state(), { actual: 'stopped' })
  t.equal(service.doings.at(-1), 'stop')
})

t.test('a service that cannot start is restarted with growing pauses, and at once on request', async t => {
  const { service, keeper, state, clock } = kept()
  const start = keeper.want(RUNNING)
  await service.pass(new Error('no \u001b[31mport'))
  await start
  t.match(state(), {
    actual: 'failed',
    message: 'no ␛port',
    restart: { failures: 1, at: clock.now() + 1_000 },
  })
  await keeper.want({ ...RUNNING })
  t.strictSame(service.doings, ['start'], 'a wish for another service does not start this one')
  clock.advance(999)
  t.strictSame(service.doings, ['start'])
  clock.advance(1)
  t.match(state(), { actual: 'starting', restarts: 1 })
  const second = keeper.want({ ...RUNNING })
  await service.pass(new Error('still none'))
  await second
  t.match(state(), { actual: 'failed', restart: { failures: 2, at: clock.now() + 2_000 } })
  const again = keeper.want({ ...RUNNING, starts: 1 })
  await service.pass()
  await again
  t.match(state(), { actual: 'running', restarts: 1 })
  t.notOk('restart' in state())
  t.equal(clock.waiting, 0, 'no other start is pending')
})

t.test('setting the clock back does not delay a pending restart', async t => {
  const { service, keeper, state, clock } = kept()
  const start = keeper.want(RUNNING)
  await service.pass(new Error('no port'))
  await start
  clock.behindMs = 500
  clock.advance(1_000)
  const again = keeper.want({ ...RUNNING })
  await service.pass()
  await again
  t.match(state(), { actual: 'running', restarts: 1 })
})

t.test(
  'a service that fails repeatedly stays down, with a log line, until the operator starts it',
  async t => {
    const { service, keeper, state, clock, log } = kept()
    const work = keeper.want(RUNNING)
    await service.pass(new Error('no port'))
    await work
    const pauses: number[] = []
    while (typeof state().restart?.at === 'number') {
      const pauseMs = (state().restart?.at ?? 0) - clock.now()
      pauses.push(pauseMs)
      clock.advance(pauseMs)
      const starting = keeper.want({ ...RUNNING })
      // Half of the attempts fail at their start, the other half some time later.
      await service.pass(pauses.length % 2 === 0 ? new Error('no port') : undefined)
      await starting
      if (state().actual !== 'running') continue
      clock.advance(59_999)
      service.failed(new Error('gone'))
    }
    t.strictSame(pauses, [1_000, 2_000, 4_000, 8_000])
    t.match(state(), { actual: 'failed', message: 'no port', restart: { failures: MAX_FAILURES, at: null } })
    t.match(log.lines.at(-1), /failed 5 times in a row.*automate-tui services start gated/)
    clock.advance(3_600_000)
    t.equal(service.doings.length, 5)
    const again = keeper.want({ ...RUNNING, starts: 1 })
    await service.pass()
    await again
    clock.advance(60_000)
    service.failed(new Error('gone'))
    t.match(state(), { restart: { failures: 1 } }, 'the count starts over after it has run for a while')
    await keeper.end('shutdown')
    t.equal(clock.waiting, 0, 'nothing starts after the end')
  },
)

t.test('restarts an essential service as long as it fails', async t => {
  const { service, keeper, state, clock, log } = kept()
  service.essential = true
  const work = keeper.want(RUNNING)
  await service.pass(new Error('disk full'))
  await work
  t.equal(keeper.trouble, undefined, 'the first failures are tolerated')
  for (let failures = 1; failures < 20; failures++) {
    const pauseMs = (state().restart?.at ?? 0) - clock.now()
    t.equal(pauseMs, Math.min(60_000, 1_000 * 2 ** (failures - 1)))
    clock.advance(pauseMs)
    const starting = keeper.want({ ...RUNNING })
    await service.pass(new Error('disk full'))
    await starting
  }
  t.equal(keeper.trouble, 'Service gated fails repeatedly: disk full')
  t.equal(log.lines.filter(line => line.includes('failed: disk full')).length, MAX_FAILURES)
  clock.advance(60_000)
  const starting = keeper.want({ ...RUNNING })
  await service.pass()
  await starting
  t.match(state(), { actual: 'running', restarts: 20 })
  t.equal(keeper.trouble, undefined)
})

t.test('a service that ends by itself has failed, and a stop clears the failure', async t => {
  const { service, keeper, state } = kept()
  const start = keeper.want(RUNNING)
  await service.pass()
  await start
  service.failed(new Error('gone'))
  t.match(state(), { actual: 'failed', message: 'gone' })
  await keeper.want(STOPPED)
  t.match(state(), { actual: 'stopped', message: '' })
})

t.test('a report of an earlier run of a service does not affect the current one', async t => {
  const { service, keeper, state } = kept()
  const start = keeper.want(RUNNING)
  const { failed } = service
  await service.pass()
  await start
  const stop = keeper.want(STOPPED)
  await service.pass()
  await stop
  failed(new Error('late'))
  t.match(state(), { actual: 'stopped' })
})

t.test('a failure reported during the start is kept after its end', async t => {
  const { service, keeper, state } = kept()
  const start = keeper.want(RUNNING)
  service.failed(new Error('at once'))
  await service.pass()
  await start
  t.match(state(), { actual: 'failed', message: 'at once' })
})

t.test('the end of the program stops a running service, and keeps its desired state', async t => {
  const { service, keeper, state } = kept()
  const start = keeper.want(RUNNING)
  const shutdown = keeper.end('shutdown')
  await service.pass()
  await service.pass()
  await Promise.all([start, shutdown])
  t.match(state(), { actual: 'stopped', desired: 'running' })
  t.equal(service.doings.at(-1), 'shutdown')
})
