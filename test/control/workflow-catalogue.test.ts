import { setImmediate } from 'node:timers/promises'
import { join } from 'node:path'
import t from 'tap'
import type { ErrorCode } from '../../lib/core/errors/error-codes.ts'
import { WorkflowCatalogue } from '../../lib/control/workflow-catalogue.ts'
import type { Describe, KnownWorkflows } from '../../lib/control/workflow-catalogue.ts'
import { errorRecord } from '../helpers/builders/error-record.ts'
import { FakeClock } from '../helpers/fake-clock.ts'
import { RecordingLog } from '../helpers/recording-log.ts'
import { FIXTURE } from '../helpers/store/test-scheduler.ts'
import { until } from '../helpers/until.ts'

const known = (...names: string[]): KnownWorkflows => ({
  workflows: names.map(name => ({ ...FIXTURE, name })),
  broken: [],
})

/** Creates a catalogue. The test completes its readings. */
function catalogueOf() {
  const readings: { quick(names: KnownWorkflows): void; end: PromiseWithResolvers<KnownWorkflows> }[] = []
  const describe: Describe = quick => {
    const end = Promise.withResolvers<KnownWorkflows>()
    readings.push({ quick, end })
    return end.promise
  }
  const log = new RecordingLog()
  const clock = new FakeClock()
  const notices: string[] = []
  const catalogue: WorkflowCatalogue = new WorkflowCatalogue({
    ...{ describe, log, clock, root: '/project' },
    random: () => 0.5,
    retry: () => catalogue.readAgain(),
    onFailing: reason => notices.push(reason),
    onChange: () => undefined,
  })
  const names = () => catalogue.current.workflows.map(({ name }) => name)
  const reading = (number: number) => {
    const found = readings[number]
    if (found === undefined) throw new Error(`there is no reading ${number}`)
    return found
  }
  return { catalogue, readings, reading, names, log, clock, notices }
}

t.test('quickly loaded workflows are known before slow ones', async t => {
  const { catalogue, readings, reading, names } = catalogueOf()
  const first = catalogue.read()
  t.notOk(catalogue.isComplete)
  reading(0).quick(known('quick'))
  await first
  t.same(names(), ['quick'])
  t.notOk(catalogue.isComplete, 'another one may still come')
  const whole = catalogue.read()
  reading(0).end.resolve(known('quick', 'slow'))
  await until('the second reading', () => readings.length === 2)
  t.same(names(), ['quick', 'slow'])
  t.notOk(catalogue.isReload, 'the quick one has not been read again')
  reading(1).end.resolve(known('quick', 'slow', 'new'))
  await whole
  t.same(names(), ['quick', 'slow', 'new'], 'a workflow added during the reading is read too')
  t.ok(catalogue.isReload)
  t.ok(catalogue.isComplete)
})

t.test('keeps the known workflows while all are read again', async t => {
  const { catalogue, reading, names } = catalogueOf()
  const first = catalogue.read()
  reading(0).end.resolve(known('a', 'b'))
  await first
  const again = catalogue.read()
  reading(1).quick(known('a'))
  t.same(names(), ['a', 'b'])
  t.notOk(catalogue.isComplete)
  reading(1).end.resolve(known('b'))
  await again
  t.same(names(), ['b'])
})

t.test('reports a failed reading, keeps the known workflows, and repeats the reading', async t => {
  const { catalogue, readings, reading, names, log, clock, notices } = catalogueOf()
  const first = catalogue.read()
  reading(0).end.resolve(known('a'))
  await first
  const again = catalogue.read()
  reading(1).end.reject(new Error('no more processes'))
  await again
  t.same(names(), ['a'])
  t.notOk(catalogue.isComplete, 'another one may have come')
  t.match(log.lines, [/could not be read: no more processes\. Jobs continue/])
  t.equal(catalogue.lack, undefined)
  clock.advance(1_000)
  t.equal(readings.length, 3)
  reading(2).end.resolve(known('a', 'b'))
  await until('the end of the reading', () => !catalogue.isReading)
  t.same(names(), ['a', 'b'])
  t.ok(catalogue.isComplete)
  t.strictSame(notices, [])
})

t.test('reports a failed first reading once, and repeats it endlessly with growing pauses', async t => {
  const { catalogue, readings, reading, log, clock, notices } = catalogueOf()
  const first = catalogue.read()
  const fail = async () => {
    reading(readings.length - 1).end.reject(
      Object.assign(new Error('spawn EAGAIN'), { code: 'EAGAIN', syscall: 'spawn' }),
    )
    await until('the end of the reading', () => !catalogue.isReading)
  }
  await fail()
  await first
  for (let failures = 1; failures < 30; failures++) {
    clock.advance(30_000)
    t.equal(readings.length, failures + 1)
    await fail()
  }
  t.match(notices, [
    /spawn EAGAIN\. No job starts until the workflows can be read.*cannot start more processes/,
  ])
  t.equal(notices.length, 1)
  t.equal(catalogue.lack, notices[0])
  t.equal(log.lines.length, 1)
  clock.advance(14_999)
  t.equal(readings.length, 30, 'a machine in trouble is asked rarely')
  clock.advance(15_001)
  reading(30).end.resolve(known('a'))
  await until('the end of the reading', () => catalogue.isComplete)
  t.equal(catalogue.lack, undefined)
  t.match(log.lines.at(-1), 'can be read again')

  const later = catalogue.read()
  reading(31).end.reject(new Error('killed'))
  await later
  await catalogue.close()
  t.equal(clock.waiting, 0, 'nothing is read after the end')
})

t.test('logs a module that stays broken in one way once, by its name in the project', async t => {
  const { catalogue, reading, log } = catalogueOf()
  const broken = (message: string) => ({
    workflows: [],
    broken: [{ file: '/project/workflows/x.ts', error: errorRecord(message, 'workflow-invalid') }],
  })
  for (const [number, message] of ['/project/workflows/x.ts ended', 'no phases', 'no phases'].entries()) {
    const read = catalogue.read()
    reading(number).end.resolve(broken(message))
    await read
  }
  const name = join('workflows', 'x.ts')
  t.same(log.lines, [`error: ${name} ended`, `error: ${name}: no phases`])
})

t.test(
  'keeps the known workflow of a module that could not be read because its process was killed',
  async t => {
    const { catalogue, reading } = catalogueOf()
    const first = catalogue.read()
    reading(0).end.resolve({ workflows: [{ ...FIXTURE, name: 'a', file: '/a.ts' }], broken: [] })
    await first
    const unread = (code: ErrorCode): KnownWorkflows => ({
      workflows: [],
      broken: [{ file: '/a.ts', error: { ...errorRecord(), code } }],
    })
    const second = catalogue.read()
    reading(1).end.resolve(unread('environment-unfit'))
    await second
    t.match(catalogue.current.workflows, [{ name: 'a' }])
    const third = catalogue.read()
    reading(2).end.resolve(unread('workflow-invalid'))
    await third
    t.same(catalogue.current.workflows, [], 'a broken module does not keep it')
  },
)

t.test('a follower that throws leaves no unhandled rejection', async t => {
  const unhandled: unknown[] = []
  const keep = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', keep)
  t.teardown(() => process.off('unhandledRejection', keep))
  const log = new RecordingLog()
  const catalogue = new WorkflowCatalogue({
    describe: () => Promise.reject(new Error('no descriptor left')),
    ...{ log, clock: new FakeClock(), root: '/project' },
    random: () => 0.5,
    retry: () => undefined,
    onFailing: () => undefined,
    onChange: () => {
      throw new Error('the follower throws')
    },
  })
  await t.rejects(catalogue.read(), { message: 'the follower throws' })
  await until('the failure in the log', () => log.lines.some(line => line.includes('could not be read')))
  // Node reports a rejection without a handler before the next immediate runs.
  await setImmediate()
  t.strictSame(unhandled, [])
})
