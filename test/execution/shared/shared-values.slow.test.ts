import t from 'tap'
import { z } from 'zod'
import { sharedCounter } from '../../../lib/execution/phases/phase-tools.ts'
import { localShared } from '../../../lib/execution/shared/local-shared.ts'
import { sharedMap } from '../../../lib/execution/shared/shared-map.ts'
import type { SharedPort } from '../../../lib/execution/shared/shared-port.ts'
import { runningJob } from '../../helpers/store/job-store.ts'
import { newProject, openTestStore } from '../../helpers/store/project.ts'

const Price = z.object({ shop: z.string(), cents: z.int() })

const paths = newProject()
const store = await openTestStore(t, paths, 'scheduler')
const jobId = await runningJob(store)
const client = await openTestStore(t, paths, 'client')
const inStore: SharedPort = { call: (name, input) => client.call(name, input) }

for (const [where, port] of [
  ['in the store', inStore],
  ['of a single worker', localShared()],
] as const) {
  t.test(`a counter ${where} starts at 0, and concurrent additions all count`, async t => {
    const counter = sharedCounter(port, 'orders', jobId)
    t.equal(await counter.value(), 0)
    await Promise.all(Array.from({ length: 50 }, () => counter.add()))
    t.equal(await counter.add(-8), 42)
    t.equal(await counter.value(), 42)
  })

  t.test(`a mark ${where} counts once, and only for its own counter`, async t => {
    const counter = sharedCounter(port, 'marked', jobId)
    t.equal(await counter.add(5, { mark: 'order-1' }), 5)
    t.equal(await counter.add(5, { mark: 'order-1' }), 5)
    t.equal(await counter.add(1, { mark: 'order-2' }), 6)
    t.equal(await sharedCounter(port, 'marked too', jobId).add(1, { mark: 'order-1' }), 1)
  })

  t.test(`a map ${where} stores, returns, lists and deletes values`, async t => {
    const prices = sharedMap(port, 'prices', Price)
    t.equal(await prices.get('red'), undefined)
    await prices.set('red', { shop: 'a', cents: 900 })
    await prices.set('blue', { shop: 'b', cents: 5 })
    t.strictSame(await prices.get('red'), { shop: 'a', cents: 900 })
    t.strictSame(
      (await prices.entries()).map(([key]) => key),
      ['blue', 'red'],
    )
    await prices.delete('red')
    t.equal(await prices.get('red'), undefined)
    t.strictSame(await sharedMap(port, 'other', Price).entries(), [])
  })

  t.test(`a map ${where} lists more than fits into one message`, async t => {
    const texts = sharedMap(port, 'texts', z.string())
    const keys = ['a', 'b', 'c', 'd']
    for (const key of keys) await texts.set(key, key.repeat(12_000_000))
    t.strictSame(
      (await texts.entries()).map(([key, { length }]) => `${key} ${length}`),
      keys.map(key => `${key} 12000000`),
    )
  })

  t.test(`a value ${where} is set only if it has the expected value`, async t => {
    const prices = sharedMap(port, 'compared', Price)
    const first = { shop: 'a', cents: 1 }
    t.ok(await prices.compareAndSet('x', undefined, first))
    t.notOk(await prices.compareAndSet('x', undefined, first))
    t.ok(await prices.compareAndSet('x', { cents: 1, shop: 'a' }, { shop: 'b', cents: 2 }))
    t.ok(await prices.compareAndSet('x', { shop: 'b', cents: 2 }, undefined))
    t.equal(await prices.get('x'), undefined)
  })

  t.test(`concurrent updates ${where} see each other`, async t => {
    const seen = sharedMap(port, 'seen', z.array(z.int()))
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => seen.update('all', (before = []) => [...before, n])),
    )
    t.strictSame(
      (await seen.get('all'))?.toSorted((a, b) => a - b),
      Array.from({ length: 20 }, (_, n) => n),
    )
  })

  t.test(`a key or a name ${where} that is too long is refused with a remedy, before the call`, async t => {
    const long = `http://shop.example/${'a'.repeat(200)}`
    const refused = (call: string, what: string) => ({
      code: 'workflow-invalid',
      message: `${call}: a ${what} has 1 to 200 characters, got 220: "http://shop.example/aaaaaaaaaaaaaaaaaaaa…". Use a hash of the text as the ${what}.`,
    })
    const texts = sharedMap(port, 'long', z.string())
    const inMap = refused('sharedMap("long")', 'key')
    await t.rejects(texts.get(long), inMap)
    await t.rejects(texts.set(long, 'x'), inMap)
    await t.rejects(texts.delete(long), inMap)
    await t.rejects(
      texts.update(long, () => 'x'),
      inMap,
    )
    await t.rejects(texts.compareAndSet(long, undefined, 'x'), inMap)
    await t.rejects(texts.get(''), { message: 'sharedMap("long"): a key has 1 to 200 characters, got "".' })
    await texts.set(long.slice(0, 200), 'x')
    t.strictSame((await texts.entries()).length, 1)
    const counter = sharedCounter(port, 'long', jobId)
    await t.rejects(counter.add(1, { mark: long }), refused('counter("long")', 'mark'))
    t.equal(await counter.value(), 0)
    t.throws(() => sharedCounter(port, long, jobId), refused('counter(…)', 'name'))
    t.throws(() => sharedMap(port, long, z.string()), refused('sharedMap(…)', 'name'))
  })

  t.test(`null ${where} is a value, and an invalid value is refused by name`, async t => {
    const maybe = sharedMap(port, 'maybe', z.int().nullable())
    await maybe.set('x', null)
    t.equal(await maybe.get('x'), null)
    await t.rejects(sharedMap(port, 'maybe', z.string()).get('x'), {
      code: 'result-invalid',
      message: /"x" of the shared map "maybe"/,
    })
    await t.rejects(maybe.set('y', 1.5), { code: 'result-invalid' })
    t.strictSame(await maybe.entries(), [['x', null]])
  })
}

t.test('distinguishes a value deleted and set again from the one before', async t => {
  const values = sharedMap(inStore, 'again', z.int())
  await values.set('x', 1)
  const { version } = await store.call('shared.read', { map: 'again', key: 'x' })
  await values.delete('x')
  await values.set('x', 1)
  t.match(await store.call('shared.write', { map: 'again', key: 'x', json: '2', seenVersion: version }), {
    applied: false,
    json: '1',
  })
})
