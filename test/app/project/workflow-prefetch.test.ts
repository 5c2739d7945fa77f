import t from 'tap'
import { WorkflowPrefetch } from '../../../lib/app/project/workflow-prefetch.ts'
import type { KnownWorkflows } from '../../../lib/control/workflow-catalogue.ts'
import { FIXTURE } from '../../helpers/store/test-scheduler.ts'

const known = (...names: string[]): KnownWorkflows => ({
  workflows: names.map(name => ({ ...FIXTURE, name })),
  broken: [],
})

/** Readings of workflows that the test completes. */
function readings() {
  const begun: {
    quick(names: KnownWorkflows): void
    signal: AbortSignal
    end: PromiseWithResolvers<KnownWorkflows>
  }[] = []
  const ahead = new WorkflowPrefetch((quick, signal) => {
    const end = Promise.withResolvers<KnownWorkflows>()
    begun.push({ quick, signal, end })
    return end.promise
  })
  const reading = (number: number) => {
    const found = begun[number]
    if (found === undefined) throw new Error(`there is no reading ${number}`)
    return found
  }
  return { ahead, begun, reading }
}

t.test('gives a started read to the first caller, with its early results', async t => {
  const { ahead, begun, reading } = readings()
  ahead.begin()
  reading(0).quick(known('quick'))
  const heard: KnownWorkflows[] = []
  const asked = ahead.describe(one => heard.push(one), new AbortController().signal)
  t.same(heard, [known('quick')])
  reading(0).quick(known('quick', 'later'))
  t.same(heard.length, 2, 'later results are passed on, too')
  reading(0).end.resolve(known('all'))
  t.same(await asked, known('all'))
  t.equal(begun.length, 1)

  void ahead.describe(() => undefined, new AbortController().signal)
  t.equal(begun.length, 2, 'the second caller gets a new read')
})

t.test('the signal of the caller ends the read', t => {
  const { ahead, reading } = readings()
  ahead.begin()
  const closing = new AbortController()
  void ahead.describe(() => undefined, closing.signal)
  ahead.abandon()
  t.notOk(reading(0).signal.aborted, 'the read has a caller')
  closing.abort()
  t.ok(reading(0).signal.aborted)
  t.end()
})

t.test('a read without a caller can be abandoned, and its failure is not unhandled', async t => {
  const { ahead, reading } = readings()
  ahead.begin()
  ahead.abandon()
  t.ok(reading(0).signal.aborted)
  reading(0).end.reject(new Error('there is no process left'))
  await t.rejects(
    ahead.describe(() => undefined, new AbortController().signal),
    /no process left/,
  )
})

t.test('starts a new read if none was started', t => {
  const { ahead, begun } = readings()
  ahead.abandon()
  void ahead.describe(() => undefined, new AbortController().signal)
  t.equal(begun.length, 1)
  t.end()
})
