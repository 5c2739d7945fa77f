import t from 'tap'
import { NO_LIMITS } from '../../../lib/control/decide/concurrency.ts'
import { explainPending } from '../../../lib/app/queries/job-waits.ts'
import type { PendingContext } from '../../../lib/app/queries/job-waits.ts'
import type { JobSummary } from '../../../lib/model/job/job.ts'
import { job, member, queued, run } from '../../helpers/builders/attempt.ts'

const NOW = 100_000
const FREE: PendingContext = {
  now: NOW,
  phase: 'scheduling',
  scope: undefined,
  stored: { after: [], account: null, reason: null },
  missing: [],
  limits: NO_LIMITS,
  runs: [],
  slots: { taken: 0, most: 4 },
}
const twoAtShop = { ...NO_LIMITS, domains: [{ domain: 'shop.example', workers: 2 }] }
const twoEach = { ...NO_LIMITS, domains: [{ domain: '*', workers: 2 }] }
const hold = (until: number) => ({ domain: 'shop.example', until, status: 429, streak: 1 })
const atShop = { domains: ['www.shop.example'] }
const seenAtShop = run([member({ domain: 'shop.example' })], { job: job({ id: 9, workflow: 'other' }) })
const after = [{ id: 7, state: 'running' }] as const

const TABLE: readonly [
  rule: string,
  job: Partial<JobSummary>,
  facts: Partial<PendingContext>,
  waits: unknown[],
][] = [
  ['a due job with a free worker has no blocker', {}, {}, []],
  ['a running job waits for nothing', { state: 'running' }, { phase: 'paused' }, []],
  ['an ended job waits for nothing', { state: 'failed' }, { phase: 'stopped' }, []],
  [
    'a parked job waits only for its operator',
    { state: 'parked', schedulerDeaths: 3, dueAt: NOW + 1 },
    { phase: 'stopped' },
    [{ for: 'retry-by-hand', deaths: 3 }],
  ],
  [
    'a stopping scheduler starts no job',
    { state: 'interrupted' },
    { phase: 'draining' },
    [{ for: 'scheduler', phase: 'draining' }],
  ],
  [
    'the scheduler of a single job takes no other job',
    {},
    { scope: { from: 2, also: [3] } },
    [{ for: 'scope' }],
  ],
  [
    'the scheduler of a single job takes the jobs that it depends on',
    {},
    { scope: { from: 2, also: [1] } },
    [],
  ],
  [
    'a workflow that cannot be loaded blocks only its own jobs',
    {},
    {
      missing: [
        { name: 'fixture', why: 'folder', folder: 'workflows' },
        { name: 'other', why: 'removed', until: NOW + 1 },
      ],
    },
    [{ for: 'workflow', name: 'fixture', why: 'folder', folder: 'workflows' }],
  ],
  [
    'an unloadable workflow is no blocker while no scheduler runs',
    {},
    { phase: 'stopped', missing: [{ name: 'fixture', why: 'folder', folder: 'workflows' }] },
    [{ for: 'scheduler', phase: 'none' }],
  ],
  [
    'a retry waits until it is due, and an earlier wait reason is ignored',
    { state: 'retrying', dueAt: NOW + 1 },
    { stored: { after: [...after], account: null, reason: { why: 'jobs', jobs: [7], more: 0 } } },
    [
      { for: 'jobs', jobs: after },
      { for: 'due', at: NOW + 1, reason: null },
    ],
  ],
  [
    'a job deferred for a proxy has the reason',
    { dueAt: NOW + 1 },
    {
      stored: { after: [], account: null, reason: { why: 'cooling', proxies: 1 } },
    },
    [{ for: 'due', at: NOW + 1, reason: { why: 'cooling', proxies: 1 } }],
  ],
  [
    'a wait reason counts until the job is due again',
    {},
    { stored: { after: [], account: null, reason: { why: 'cooling', proxies: 1 } } },
    [],
  ],
  ['an expired pause blocks no job', atShop, { limits: { ...NO_LIMITS, holds: [hold(NOW)] } }, []],
  [
    'a pause also counts for a domain that the workflow names',
    {},
    { limits: { ...NO_LIMITS, holds: [hold(NOW + 1)], visits: new Map([['fixture', ['shop.example']]]) } },
    [{ for: 'pause', domain: 'shop.example', until: NOW + 1, status: 429 }],
  ],
  [
    'a worker that was seen on a domain counts there',
    { ...atShop, workers: 2 },
    { limits: twoAtShop, runs: [seenAtShop] },
    [{ for: 'domain', domain: 'shop.example', workers: 1, most: 2 }],
  ],
  ['one more worker is allowed on the domain', atShop, { limits: twoAtShop, runs: [seenAtShop] }, []],
  [
    'the limit of every domain counts each domain separately',
    { ...atShop, workers: 2 },
    { limits: twoEach, runs: [seenAtShop] },
    [],
  ],
  [
    'a workflow at its limit blocks its jobs',
    {},
    { limits: { ...NO_LIMITS, concurrency: new Map([['fixture', 1]]) }, runs: [run([member()])] },
    [{ for: 'concurrency', workflow: 'fixture', running: 1, most: 1 }],
  ],
  [
    'proxies at their limit block a job of a workflow that uses them',
    {},
    {
      limits: { ...NO_LIMITS, proxies: { workers: 1, moreAt: null, workflows: new Set(['fixture']) } },
      runs: [run([member()])],
    },
    [{ for: 'proxies', workers: 1, most: 1 }],
  ],
  [
    'proxies at their limit do not block a job that connects directly',
    {},
    {
      limits: { ...NO_LIMITS, proxies: { workers: 1, moreAt: null, workflows: new Set(['other']) } },
      runs: [run([member()], { job: job({ id: 9, workflow: 'other' }) })],
    },
    [],
  ],
  [
    'a job of several workers needs that many slots, but at most all of them',
    { workers: 9 },
    { slots: { taken: 1, most: 4 } },
    [{ for: 'slots', taken: 1, slots: 4, needs: 4 }],
  ],
  [
    'limits are omitted for a job with another blocker',
    { dueAt: NOW + 1 },
    { slots: { taken: 4, most: 4 } },
    [{ for: 'due', at: NOW + 1, reason: null }],
  ],
]

for (const [rule, change, facts, waits] of TABLE) {
  t.test(rule, async t => {
    t.same(explainPending(queued(1, change), { ...FREE, ...facts }), waits)
  })
}
