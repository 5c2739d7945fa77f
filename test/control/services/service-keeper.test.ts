import { join } from 'node:path'
import t from 'tap'
import { ServiceKeeper } from '../../../lib/control/services/service-keeper.ts'
import type { ServiceDoing } from '../../../lib/domain/documents.ts'
import type { Service } from '../../../lib/control/services/service.ts'
import { systemClock } from '../../../lib/core/clock.ts'
import { ServiceDocument } from '../../../lib/domain/documents.ts'
import { readJsonSync } from '../../../lib/files/atomic-json.ts'
import { KeptLog } from '../../helpers/kept-log.ts'
import { newProject } from '../../helpers/project.ts'

/** A service whose starts and stops stand at a gate that the test opens. */
class GatedService implements Service {
  readonly name = 'gated'
  readonly desiredAtFirst = 'stopped'
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

  stop(): Promise<void> {
    return this.reachGate('stop')
  }

  doing(): ServiceDoing {
    return { what: 'swept', count: 1 }
  }

  /** Lets the operation that stands at the gate, or the next that comes there, go on or fail. */
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

function kept() {
  const paths = newProject()
  const service = new GatedService()
  const keeper = new ServiceKeeper({ paths, clock: systemClock, log: new KeptLog() }, service, STOPPED)
  const state = () => readJsonSync(join(paths.serviceStates, 'gated.json'), ServiceDocument)
  return { service, keeper, state }
}

t.test('a service is started, tells its state, and is stopped', async t => {
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
  t.strictSame(
    service.doings,
    ['start', 'stop', 'start'],
    'a wish that asks for nothing holds up no later one',
  )
})

t.test('a start while it starts, or while it runs, starts nothing', async t => {
  const { service, keeper } = kept()
  const wishes = [keeper.want(RUNNING), keeper.want({ ...RUNNING, starts: 1 })]
  await service.pass()
  await Promise.all(wishes)
  await keeper.want({ ...RUNNING, starts: 2 })
  t.strictSame(service.doings, ['start'])
})

t.test('a stop while it starts waits for the start; a start while it stops waits for the stop', async t => {
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

t.test('a restart stops and starts', async t => {
  const { service, keeper, state } = kept()
  const start = keeper.want(RUNNING)
  await service.pass()
  await start
  const restart = keeper.want({ ...RUNNING, generation: 1 })
  await service.pass()
  await service.pass()
  await restart
  t.match(state(), { actual: 'running', restarts: 1 })
  t.strictSame(service.doings, ['start', 'stop', 'start'])
})

t.test('a service that cannot start stays failed until the operator says start again', async t => {
  const { service, keeper, state } = kept()
  const start = keeper.want(RUNNING)
  await service.pass(new Error('no \u001b[31mport'))
  await start
  t.match(state(), { actual: 'failed', message: 'no ␛port' })
  await keeper.want({ ...RUNNING })
  t.strictSame(service.doings, ['start'], 'a wish for another service is no start of this one')
  const again = keeper.want({ ...RUNNING, starts: 1 })
  await service.pass()
  await again
  t.match(state(), { actual: 'running' })
})

t.test('a service that ends by itself is failed, and stopping it afterwards clears that', async t => {
  const { service, keeper, state } = kept()
  const start = keeper.want(RUNNING)
  await service.pass()
  await start
  service.failed(new Error('gone'))
  t.match(state(), { actual: 'failed', message: 'gone' })
  await keeper.want(STOPPED)
  t.match(state(), { actual: 'stopped', message: '' })
})

t.test('what an earlier life of a service reports is no news of the present one', async t => {
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

t.test('a failure told during the start is not covered by its end', async t => {
  const { service, keeper, state } = kept()
  const start = keeper.want(RUNNING)
  service.failed(new Error('at once'))
  await service.pass()
  await start
  t.match(state(), { actual: 'failed', message: 'at once' })
})

t.test('the end of the program stops what runs, and what is wanted of it stays', async t => {
  const { service, keeper, state } = kept()
  const start = keeper.want(RUNNING)
  const shutdown = keeper.shutdown()
  await service.pass()
  await service.pass()
  await Promise.all([start, shutdown])
  t.match(state(), { actual: 'stopped', desired: 'running' })
})
