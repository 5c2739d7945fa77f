import t from 'tap'
import type { AutomateError } from '../../../lib/core/errors.ts'
import { ResourceWatch } from '../../../lib/execution/resources/resource-watch.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { until } from '../../helpers/until.ts'

const limits = { memoryBytes: 1_000, profileBytes: 100, outputBytes: 1 }

function watching(use: { memory?: number; profile?: number }) {
  const clock = new FakeClock()
  const exceeded: AutomateError[] = []
  let measurements = 0
  const watch = new ResourceWatch({
    ...{ clock, limits },
    memory: async () => {
      measurements++
      return use.memory
    },
    profile: async () => use.profile,
    onExceeded: error => exceeded.push(error),
  })
  /** Lets one measurement happen. */
  const measured = async () => {
    const before = measurements
    clock.advance(1_000)
    await until('a measurement', () => measurements > before)
  }
  return { clock, exceeded, watch, measured, measurements: () => measurements }
}

t.test('a job within its limits, or one whose use is not known, goes on', async t => {
  const { exceeded, watch, measured } = watching({ memory: 1_000, profile: 100 })
  watch.begin()
  for (let n = 0; n < 4; n++) await measured()
  const unknown = watching({})
  unknown.watch.begin()
  await unknown.measured()
  await unknown.measured()
  t.same([...exceeded, ...unknown.exceeded], [])
})

t.test('what exceeds a limit is reported once, with the setting that allows more', async t => {
  for (const [use, resource, setting] of [
    [{ memory: 1_001 }, 'memory', /maxMemory/],
    [{ memory: 1, profile: 101 }, 'profile', /maxProfile/],
  ] as const) {
    const { clock, exceeded, watch, measured, measurements } = watching(use)
    watch.begin()
    await measured()
    await until('the failure', () => exceeded.length > 0)
    const count = measurements()
    clock.advance(10_000)
    t.equal(measurements(), count, 'nothing more is measured')
    t.match(exceeded, [
      { code: 'resource-limit', name: 'ResourceLimitError', facts: { resource }, message: setting },
    ])
  }
})

t.test('after the end of the job nothing is measured or reported', async t => {
  const { clock, exceeded, watch, measurements } = watching({ memory: 2_000 })
  watch.begin()
  clock.advance(1_000)
  watch.end()
  clock.advance(10_000)
  t.equal(measurements(), 1)
  t.same(exceeded, [])
})
