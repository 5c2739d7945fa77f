import t from 'tap'
import { chooseProxies, roomOf } from '../../../lib/control/decide/choose-proxies.ts'
import type { Candidate, Choice, Wanted } from '../../../lib/control/decide/choose-proxies.ts'
import { coolDownMs } from '../../../lib/control/decide/cool-down.ts'
import { unusedProxy } from '../../../lib/model/proxy/proxy.ts'

const NOW = 100_000

function proxy(id: string, change: Partial<Candidate> = {}): Candidate {
  return { ...unusedProxy(id), inUse: 0, tried: false, ...change }
}

const failed = (coolUntil: number): Partial<Candidate> => ({ streak: 1, coolUntil })
const wanted = (change: Partial<Wanted> = {}): Wanted => ({
  rotation: 'round-robin',
  key: 'k',
  count: 1,
  most: null,
  ...change,
})
const take = (...ids: string[]): Choice => ({ type: 'take', ids })

const rows: readonly (readonly [string, readonly Candidate[], Partial<Wanted>, Choice])[] = [
  [
    'round-robin takes the proxy unused for longest',
    [proxy('a', { lastUsedAt: 9 }), proxy('b', { lastUsedAt: 5 })],
    {},
    take('b'),
  ],
  ['round-robin takes an unused proxy first', [proxy('a', { lastUsedAt: 0 }), proxy('b')], {}, take('b')],
  [
    'least-used takes the proxy with the fewest current workers',
    [proxy('a', { inUse: 2, uses: 2 }), proxy('b', { inUse: 1, uses: 90 })],
    { rotation: 'least-used' },
    take('b'),
  ],
  [
    'least-used takes the least used of equally busy proxies',
    [proxy('a', { uses: 5 }), proxy('b', { uses: 4 })],
    { rotation: 'least-used' },
    take('b'),
  ],
  [
    'each worker of a swarm gets its own proxy if there are enough',
    [proxy('a'), proxy('b'), proxy('c')],
    { count: 3 },
    take('a', 'b', 'c'),
  ],
  [
    'skips a proxy with its maximum of workers',
    [proxy('a', { inUse: 2 }), proxy('b', { inUse: 1, lastUsedAt: 9 })],
    { most: 2 },
    take('b'),
  ],
  [
    'no proxy exceeds its maximum of workers, so the job has fewer workers',
    [proxy('a', { inUse: 1 }), proxy('b')],
    { count: 4, most: 2 },
    take('a', 'b', 'b'),
  ],
  [
    'waits if all proxies have their maximum of workers',
    [proxy('a', { inUse: 1 })],
    { most: 1 },
    { type: 'wait', until: NOW + 2_000, why: 'full' },
  ],
  [
    'more workers than proxies share them',
    [proxy('a'), proxy('b')],
    { count: 5 },
    take('a', 'b', 'a', 'b', 'a'),
  ],
  [
    'skips a proxy that is cooling down',
    [proxy('a', failed(NOW + 1)), proxy('b', { lastUsedAt: NOW })],
    {},
    take('b'),
  ],
  ['takes a proxy on trial after its pause', [proxy('a', failed(NOW))], {}, take('a')],
  [
    'a proxy on trial gets only one worker',
    [proxy('a', failed(NOW)), proxy('b', { lastUsedAt: 1 })],
    { count: 3 },
    take('a', 'b', 'b'),
  ],
  [
    'waits for a proxy that is already on trial',
    [proxy('a', { ...failed(NOW), inUse: 1 })],
    {},
    { type: 'wait', until: NOW + 2_000, why: 'full' },
  ],
  [
    'waits for the first proxy if all are cooling down',
    [proxy('a', failed(NOW + 30)), proxy('b', failed(NOW + 20))],
    {},
    { type: 'wait', until: NOW + 20, why: 'cooling' },
  ],
  [
    'waits for a full proxy rather than for one that is cooling down',
    [proxy('a', failed(NOW + 9_000)), proxy('b', { inUse: 1 })],
    { most: 1 },
    { type: 'wait', until: NOW + 2_000, why: 'full' },
  ],
  [
    'skips a proxy that has failed for this job',
    [proxy('a', { tried: true }), proxy('b', { lastUsedAt: NOW })],
    {},
    take('b'),
  ],
  [
    'waits for a remaining proxy rather than trying a failed one again',
    [proxy('a', { tried: true }), proxy('b', failed(NOW + 7))],
    {},
    { type: 'wait', until: NOW + 7, why: 'cooling' },
  ],
  ['starts over when all proxies have failed for this job', [proxy('a', { tried: true })], {}, take('a')],
]

for (const [title, candidates, change, choice] of rows) {
  t.test(title, async t => t.strictSame(chooseProxies(candidates, wanted(change), NOW), choice))
}

t.test('a key keeps its proxy when others join, and moves away only while the proxy is out', async t => {
  const pool = ['a', 'b', 'c', 'd'].map(id => proxy(id))
  const of = (key: string, candidates: readonly Candidate[]) => {
    const choice = chooseProxies(candidates, wanted({ rotation: 'sticky', key }), NOW)
    return choice.type === 'take' ? choice.ids[0] : undefined
  }
  const keys = Array.from({ length: 200 }, (_, i) => `account ${i}`)
  const before = keys.map(key => of(key, pool))
  t.equal(new Set(before).size, 4, 'keys are spread over all proxies')
  t.strictSame(
    keys.map(key => of(key, pool)),
    before,
  )
  const moved = keys.filter((key, i) => of(key, [...pool, proxy('e')]) !== before[i])
  t.ok(moved.length > 0 && moved.length < 80, 'only about a fifth of the keys move to a new proxy')
  t.ok(moved.every(key => of(key, [...pool, proxy('e')]) === 'e'))
  const without = pool.map(one => (one.id === 'a' ? proxy('a', failed(NOW + 1)) : one))
  const others = keys.filter((_, i) => before[i] !== 'a')
  t.strictSame(
    others.map(key => of(key, without)),
    others.map(key => of(key, pool)),
  )
  t.ok(keys.every(key => of(key, without) !== 'a'))
})

t.test(
  'a healthy proxy has all its room, one on trial one worker, a paused one only current workers',
  async t => {
    const room = (...candidates: Candidate[]) => roomOf(candidates, 3, NOW)
    t.strictSame(room(proxy('a', { inUse: 2 }), proxy('b')), { workers: 6, moreAt: null })
    t.strictSame(room(proxy('a', failed(NOW)), proxy('b')), { workers: 4, moreAt: null })
    const cooling = [proxy('a', { ...failed(NOW + 9), inUse: 2 }), proxy('b', failed(NOW + 5))]
    t.strictSame(room(...cooling, proxy('c')), { workers: 5, moreAt: NOW + 5 })
    t.strictSame(
      room(proxy('b', failed(NOW + 5))),
      { workers: 1, moreAt: NOW + 5 },
      'at least one, so that a job learns the reason',
    )
  },
)

t.test('the pause doubles with every failure in a row, up to a quarter of an hour', async t => {
  t.strictSame([1, 2, 3, 6, 7, 40].map(coolDownMs), [15_000, 30_000, 60_000, 480_000, 900_000, 900_000])
})
