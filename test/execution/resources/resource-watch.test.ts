import t from 'tap'
import type { FolderUse } from '../../../lib/core/disk/folder-use.ts'
import type { AutomateError } from '../../../lib/core/errors/errors.ts'
import { MOST_PROFILE_ENTRIES, ResourceWatch } from '../../../lib/execution/resources/resource-watch.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { until } from '../../helpers/until.ts'

const limits = { memoryBytes: 1_000, profileBytes: 100, outputBytes: 1 }

function watching(use: {
  memory?: number
  profile?: number
  entries?: number
  stuck?: 'memory' | 'profile'
}) {
  const clock = new FakeClock()
  const exceeded: AutomateError[] = []
  const counts = { memory: 0, profile: 0 }
  const measured = async <T>(kind: 'memory' | 'profile', value: T): Promise<T> => {
    counts[kind] += 1
    return use.stuck === kind ? new Promise<never>(() => undefined) : value
  }
  const watch = new ResourceWatch({
    ...{ clock, limits },
    memory: () => measured('memory', use.memory),
    profile: () => {
      const { profile, entries = 1 } = use
      const found: FolderUse | undefined = profile === undefined ? undefined : { bytes: profile, entries }
      return measured('profile', found)
    },
    onExceeded: error => exceeded.push(error),
  })
  /** Advances the clock until the next measurement. */
  const next = async (kind: 'memory' | 'profile') => {
    const before = counts[kind]
    await until('a measurement', () => {
      clock.advance(1_000)
      return counts[kind] > before
    })
  }
  return { clock, exceeded, watch, next, counts }
}

t.test('a job within its limits, or with unknown usage, continues', async t => {
  for (const use of [{ memory: 1_000, profile: 100, entries: MOST_PROFILE_ENTRIES }, {}]) {
    const { exceeded, watch, next } = watching(use)
    watch.begin()
    for (let n = 0; n < 4; n++) await next('memory')
    for (let n = 0; n < 2; n++) await next('profile')
    t.same(exceeded, [])
  }
})

t.test('reports an exceeded limit once, with the setting that raises it', async t => {
  for (const [use, resource, message] of [
    [{ memory: 1_001 }, 'memory', /maxMemory/],
    [{ memory: 1, profile: 101 }, 'profile', /maxProfile/],
    [{ profile: 1, entries: MOST_PROFILE_ENTRIES + 1 }, 'profile', /more than 100000 files and folders/],
  ] as const) {
    const { clock, exceeded, watch, counts } = watching(use)
    watch.begin()
    await until('the failure', () => {
      clock.advance(1_000)
      return exceeded.length > 0
    })
    const before = { ...counts }
    clock.advance(10_000)
    t.same(counts, before, 'nothing more is measured')
    t.match(exceeded, [{ code: 'resource-limit', name: 'ResourceLimitError', facts: { resource }, message }])
  }
})

t.test('an endless walk of the profile delays no memory check, and walks do not overlap', async t => {
  const use = { memory: 1, profile: 1, stuck: 'profile' as const }
  const { exceeded, watch, next, counts } = watching(use)
  watch.begin()
  await next('profile')
  for (let n = 0; n < 10; n++) await next('memory')
  t.equal(counts.profile, 1)
  use.memory = 1_001
  await next('memory')
  await until('the failure', () => exceeded.length > 0)
  t.match(exceeded, [{ facts: { resource: 'memory' } }])
})

t.test('an endless memory check delays no walk of the profile', async t => {
  const { exceeded, watch, next, counts } = watching({ profile: 101, stuck: 'memory' })
  watch.begin()
  await next('profile')
  await until('the failure', () => exceeded.length > 0)
  t.equal(counts.memory, 1)
})

t.test('measures and reports nothing after the end of the job', async t => {
  const { clock, exceeded, watch, counts } = watching({ memory: 2_000, profile: 2_000 })
  watch.begin()
  clock.advance(1_000)
  watch.end()
  clock.advance(10_000)
  t.same(counts, { memory: 1, profile: 0 })
  t.same(exceeded, [])
})
