import t from 'tap'
import type { Test } from 'tap'
import { rememberingSite } from '../../../helpers/sites/remembering-site.ts'
import { WorkerRun } from '../../../helpers/processes/worker-run.ts'

type Leave = 'nothing' | 'storage' | 'settings' | 'failure'

/**
 * Runs jobs one after the other in one worker, and returns the findings of each job in its page.
 */
async function jobs(t: Test, ...leaves: readonly Leave[]) {
  const site = await rememberingSite(t)
  const inputs = leaves.map(leave => ({ url: site.url, other: site.other, leave }))
  const run = await WorkerRun.start({
    ...{ root: t.testdir(), workflow: 'looks-and-leaves', isolation: 'page', jobId: 1 },
    input: inputs[0] ?? {},
    trace: { keep: 'on-failure', limitBytes: 50_000_000 },
  })
  const outcomes: string[] = []
  const logs: string[] = []
  for (const [index, input] of inputs.entries()) {
    if (index > 0) run.give(index + 1, input)
    const { outcome } = await run.endOf(index + 1)
    outcomes.push('error' in outcome ? outcome.error.message : outcome.status)
    logs.push(run.logOf(index + 1))
  }
  run.tell({ type: 'stop', reason: 'shutdown' })
  await run.exited
  return { reports: site.reports, outcomes, logs }
}

t.test('the next job reuses a page, and finds nothing that the job before it stored', async t => {
  const { reports, outcomes, logs } = await jobs(t, 'storage', 'nothing')
  t.strictSame(outcomes, ['succeeded', 'succeeded'], logs.join('\n'))
  const [first, second] = reports
  t.match(first, { found: { same: false, before: 'about:blank', wrappers: [4, 2, 2, 2, 2] } })
  t.match(second, { found: { same: true } }, logs.join('\n'))
  t.strictSame({ ...second?.found, same: false }, first?.found)
  t.strictSame(second?.site, first?.site)
  t.strictSame(second?.headers, first?.headers)
})

t.test('a page with changed settings or a failed job is not reused', async t => {
  const { reports, outcomes, logs } = await jobs(t, 'settings', 'failure', 'nothing')
  t.strictSame(outcomes, ['succeeded', 'left in no good order', 'succeeded'], logs.join('\n'))
  const [first, ...later] = reports
  t.equal(later.length, 2)
  for (const report of later) t.strictSame(report, first)
})

/**
 * Runs a job that leaves a pending call or code, and another job in the same worker. Returns the
 * second job's findings and the log of the first one.
 */
async function goesOn(t: Test, leave: 'call' | 'code') {
  const { url, reports } = await rememberingSite(t)
  const run = await WorkerRun.start({
    ...{ root: t.testdir(), workflow: 'goes-on-after-its-end', isolation: 'page', jobId: 1 },
    input: { url, leave },
  })
  t.match(await run.endOf(1), { outcome: { status: 'succeeded' } })
  run.give(2, { url, leave: 'nothing' })
  t.match(await run.endOf(2), { outcome: { status: 'succeeded' } })
  run.tell({ type: 'stop', reason: 'shutdown' })
  await run.exited
  return { found: reports[0]?.found, log: run.logOf(1) }
}

t.test('a call that a job has left pending ends with its page, and does nothing in the next one', async t => {
  const { found, log } = await goesOn(t, 'call')
  t.match(log, /the page is not reused, because a call of the job is still pending/)
  t.strictSame(found, { same: false, orders: 1, names: [], ends: ['rejected'] })
})

t.test('code that a job has left has no page any more: the next job has the page to itself', async t => {
  const { found } = await goesOn(t, 'code')
  const ends = ['rejected', 'rejected', 'rejected', 'rejected']
  t.strictSame(found, { same: true, orders: 1, names: [], ends })
})

t.test('documents of earlier jobs do not accumulate in the memory of the page', async t => {
  const site = await rememberingSite(t)
  const input = { url: site.url }
  const run = await WorkerRun.start({
    ...{ root: t.testdir(), workflow: 'counts-documents', isolation: 'page', jobId: 1, input },
  })
  for (let job = 1; job <= 26; job += 1) {
    if (job > 1) run.give(job, input)
    t.match(await run.endOf(job), { outcome: { status: 'succeeded' } })
  }
  run.tell({ type: 'stop', reason: 'shutdown' })
  await run.exited
  const [, second = NaN, ...later] = site.reports.map(({ found }) => Number(found['Documents']))
  t.equal(later.length, 24)
  // Every eighth wipe looks for leftover documents, and each job leaves two.
  t.ok(Math.max(...later) <= second + 18, `${second}, then ${later.join(' ')}`)
})
