import t from 'tap'
import { NO_LIMITS } from '../../../lib/control/decide/concurrency.ts'
import type { ClaimLimits } from '../../../lib/control/decide/concurrency.ts'
import { decide } from '../../../lib/control/decide/decide.ts'
import type { SchedulerView } from '../../../lib/control/decide/scheduler-view.ts'
import { job, member, queued, run } from '../../helpers/builders/attempt.ts'
import { schedulerView } from '../../helpers/builders/scheduler-view.ts'

const NOW = 100_000
const DONE = { status: 'succeeded', result: 1 } as const

const one = { workflow: 'one' }
const two = { workflow: 'two' }
const at = (...domains: string[]) => ({ domains })
const limits = (change: Partial<ClaimLimits>): { limits: ClaimLimits } => ({
  limits: { ...NO_LIMITS, ...change },
})
const oneJobOfOne = limits({ concurrency: new Map([['one', 1]]) })
const twoAtShop = limits({ domains: [{ domain: 'shop.example', workers: 2 }] })
const oneEach = limits({
  domains: [
    { domain: '*', workers: 1 },
    { domain: 'shop.example', workers: 2 },
    { domain: 'api.shop.example', workers: 3 },
  ],
})
const hold = (until: number, domain = 'shop.example') =>
  limits({ holds: [{ domain, until, status: 429, streak: 1 }] })
const running = (change: Parameters<typeof job>[0], ...members: Parameters<typeof member>[0][]) =>
  run(
    (members.length === 0 ? [{}] : members).map((each, n) => member({ workerId: `w${n}`, ...each })),
    { job: job({ id: 99, ...change }) },
  )

const TABLE: readonly [
  rule: string,
  view: Partial<SchedulerView>,
  claimed: number[],
  wakeAt: number | null,
][] = [
  [
    'a workflow runs as many jobs as it allows, and other jobs pass its waiting ones',
    { ...oneJobOfOne, claimable: [queued(1, one), queued(2, one), queued(3, two)] },
    [1, 3],
    null,
  ],
  [
    'running jobs count',
    { ...oneJobOfOne, runs: [running(one)], claimable: [queued(1, one), queued(2, two)] },
    [2],
    null,
  ],
  [
    'ended jobs do not count',
    { ...oneJobOfOne, runs: [running(one, { outcome: DONE })], claimable: [queued(1, one)] },
    [1],
    null,
  ],
  [
    'the limit of a workflow counts jobs, not workers',
    { ...oneJobOfOne, claimable: [queued(1, { ...one, workers: 3 })] },
    [1],
    null,
  ],
  [
    'the limit of a domain counts workers of all workflows',
    {
      ...twoAtShop,
      claimable: [
        queued(1, { ...one, ...at('shop.example') }),
        queued(2, { ...two, ...at('www.shop.example') }),
        queued(3, at('shop.example')),
        queued(4),
      ],
    },
    [1, 2, 4],
    null,
  ],
  [
    'a job gets no more workers than its domain allows',
    {
      ...twoAtShop,
      claimable: [queued(1, { ...at('shop.example'), workers: 4 }), queued(2, { workers: 2 })],
    },
    [1, 2],
    null,
  ],
  [
    'a job without room in its domain reserves a place only there',
    {
      ...twoAtShop,
      runs: [running(at('shop.example'))],
      claimable: [
        queued(1, { ...at('shop.example'), workers: 2 }),
        queued(2, at('shop.example')),
        queued(3, at('other.example')),
      ],
    },
    [3],
    null,
  ],
  [
    'the narrowest limit of a domain counts, and all other domains have one worker each',
    {
      ...oneEach,
      slots: 9,
      claimable: [
        queued(1, at('a.example')),
        queued(2, at('a.example')),
        queued(3, at('b.example')),
        queued(4, at('shop.example')),
        queued(5, at('www.shop.example')),
        queued(6, at('shop.example')),
        queued(7, at('api.shop.example')),
        queued(8, at('myshop.example')),
      ],
    },
    [1, 3, 4, 5, 7, 8],
    null,
  ],
  [
    'the domains of a workflow count for its jobs',
    {
      ...limits({
        domains: [{ domain: 'shop.example', workers: 1 }],
        visits: new Map([['one', ['shop.example']]]),
      }),
      claimable: [queued(1, one), queued(2, one), queued(3, two)],
    },
    [1, 3],
    null,
  ],
  [
    'a worker seen on an undeclared domain counts there',
    {
      ...twoAtShop,
      runs: [running({}, { domain: 'shop.example' }, { domain: 'www.shop.example' })],
      claimable: [queued(1, at('shop.example')), queued(2)],
    },
    [2],
    null,
  ],
  [
    'a worker on its declared domain is not counted twice',
    {
      ...twoAtShop,
      runs: [running(at('shop.example'), { domain: 'shop.example' })],
      claimable: [queued(1, at('shop.example'))],
    },
    [1],
    null,
  ],
  [
    'a paused domain and its subdomains get no jobs until the end of the pause',
    {
      ...hold(NOW + 7),
      claimable: [
        queued(1, at('shop.example')),
        queued(2, at('www.shop.example')),
        queued(3, at('other.example')),
      ],
    },
    [3],
    NOW + 7,
  ],
  [
    'a paused domain gets jobs at the end of its pause',
    { ...hold(NOW), claimable: [queued(1, at('shop.example'))] },
    [1],
    null,
  ],
  [
    'a job blocked by a pause reserves no slot',
    { ...hold(NOW + 7), slots: 1, claimable: [queued(1, at('shop.example')), queued(2)] },
    [2],
    NOW + 7,
  ],
  [
    'full proxies block only jobs that use proxies',
    {
      ...limits({ proxies: { workers: 2, moreAt: null, workflows: new Set(['one']) } }),
      claimable: [queued(1, { ...one, workers: 3 }), queued(2, one), queued(3, two)],
    },
    [1, 3],
    null,
  ],
  [
    'slots still limit all jobs',
    { ...twoAtShop, slots: 1, claimable: [queued(1, at('shop.example')), queued(2, at('shop.example'))] },
    [1],
    null,
  ],
]

for (const [rule, change, claimed, wakeAt] of TABLE) {
  t.test(rule, async t => {
    const decision = decide(schedulerView(change), { now: NOW, monotonic: NOW })
    const ids = decision.actions.flatMap(action => (action.type === 'claim' ? [action.jobId] : []))
    t.strictSame(ids, claimed)
    if (change.runs === undefined) t.equal(decision.wakeAt, wakeAt)
  })
}
