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
    'round-robin takes what has rested longest',
    [proxy('a', { lastUsedAt: 9 }), proxy('b', { lastUsedAt: 5 })],
    {},
    take('b'),
  ],
  ['round-robin takes what was never used first', [proxy('a', { lastUsedAt: 0 }), proxy('b')], {}, take('b')],
  [
    'least-used takes what the fewest workers use now',
    [proxy('a', { inUse: 2, uses: 2 }), proxy('b', { inUse: 1, uses: 90 })],
    { rotation: 'least-used' },
    take('b'),
  ],
  [
    'least-used takes what was used least of those that are equally busy',
    [proxy('a', { uses: 5 }), proxy('b', { uses: 4 })],
    { rotation: 'least-used' },
    take('b'),
  ],
  [
    'each worker of a swarm gets its own while there are enough',
    [proxy('a'), proxy('b'), proxy('c')],
    { count: 3 },
    take('a', 'b', 'c'),
  ],
  [
    'a proxy that has all the workers that it may have is left out',
    [proxy('a', { inUse: 2 }), proxy('b', { inUse: 1, lastUsedAt: 9 })],
    { most: 2 },
    take('b'),
  ],
  [
    'none gets more workers than it may have, and so the job has fewer',
    [proxy('a', { inUse: 1 }), proxy('b')],
    { count: 4, most: 2 },
    take('a', 'b', 'b'),
  ],
  [
    'where all have theirs, one is waited for',
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
    'one that cools down is left alone',
    [proxy('a', failed(NOW + 1)), proxy('b', { lastUsedAt: NOW })],
    {},
    take('b'),
  ],
  ['one whose pause is over is on trial', [proxy('a', failed(NOW))], {}, take('a')],
  [
    'on trial one worker is enough',
    [proxy('a', failed(NOW)), proxy('b', { lastUsedAt: 1 })],
    { count: 3 },
    take('a', 'b', 'b'),
  ],
  [
    'one that is on trial already is waited for',
    [proxy('a', { ...failed(NOW), inUse: 1 })],
    {},
    { type: 'wait', until: NOW + 2_000, why: 'full' },
  ],
  [
    'when all cool down the job waits for the first',
    [proxy('a', failed(NOW + 30)), proxy('b', failed(NOW + 20))],
    {},
    { type: 'wait', until: NOW + 20, why: 'cooling' },
  ],
  [
    'one that is full is waited for rather than one that cools down',
    [proxy('a', failed(NOW + 9_000)), proxy('b', { inUse: 1 })],
    { most: 1 },
    { type: 'wait', until: NOW + 2_000, why: 'full' },
  ],
  [
    'one that has failed for this job is not tried again',
    [proxy('a', { tried: true }), proxy('b', { lastUsedAt: NOW })],
    {},
    take('b'),
  ],
  [
    'a job waits for one that is left rather than going back',
    [proxy('a', { tried: true }), proxy('b', failed(NOW + 7))],
    {},
    { type: 'wait', until: NOW + 7, why: 'cooling' },
  ],
  ['when all have failed for this job they begin anew', [proxy('a', { tried: true })], {}, take('a')],
]

for (const [title, candidates, change, choice] of rows) {
  t.test(title, async t => t.strictSame(chooseProxies(candidates, wanted(change), NOW), choice))
}

t.test(
  'a key sticks to its proxy, whatever joins the pool; when that is out, to another and back',
  async t => {
    const pool = ['a', 'b', 'c', 'd'].map(id => proxy(id))
    const of = (key: string, candidates: readonly Candidate[]) => {
      const choice = chooseProxies(candidates, wanted({ rotation: 'sticky', key }), NOW)
      return choice.type === 'take' ? choice.ids[0] : undefined
    }
    const keys = Array.from({ length: 200 }, (_, i) => `account ${i}`)
    const before = keys.map(key => of(key, pool))
    t.equal(new Set(before).size, 4, 'keys are spread over all')
    t.strictSame(
      keys.map(key => of(key, pool)),
      before,
    )
    const moved = keys.filter((key, i) => of(key, [...pool, proxy('e')]) !== before[i])
    t.ok(moved.length > 0 && moved.length < 80, 'a fifth moves to a new proxy, and nothing else does')
    t.ok(moved.every(key => of(key, [...pool, proxy('e')]) === 'e'))
    const without = pool.map(one => (one.id === 'a' ? proxy('a', failed(NOW + 1)) : one))
    const others = keys.filter((_, i) => before[i] !== 'a')
    t.strictSame(
      others.map(key => of(key, without)),
      others.map(key => of(key, pool)),
    )
    t.ok(keys.every(key => of(key, without) !== 'a'))
  },
)

t.test(
  'what proxies leave: all of a healthy one, one worker on trial, no more while it cools down',
  async t => {
    const room = (...candidates: Candidate[]) => roomOf(candidates, 3, NOW)
    t.strictSame(room(proxy('a', { inUse: 2 }), proxy('b')), { workers: 6, moreAt: null })
    t.strictSame(room(proxy('a', failed(NOW)), proxy('b')), { workers: 4, moreAt: null })
    const cooling = [proxy('a', { ...failed(NOW + 9), inUse: 2 }), proxy('b', failed(NOW + 5))]
    t.strictSame(room(...cooling, proxy('c')), { workers: 5, moreAt: NOW + 5 })
    t.strictSame(room(proxy('b', failed(NOW + 5))), { workers: 1, moreAt: NOW + 5 }, 'who asks is told')
  },
)

t.test('the pause doubles with every failure in a row, up to a quarter of an hour', async t => {
  t.strictSame([1, 2, 3, 6, 7, 40].map(coolDownMs), [15_000, 30_000, 60_000, 480_000, 900_000, 900_000])
})
