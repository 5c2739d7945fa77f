import { readdirSync } from 'node:fs'
import t from 'tap'
import type { Test } from 'tap'
import { z } from 'zod'
import type { LaunchProfile, WorkerDocument } from '../../../../lib/model/worker/documents.ts'
import { processTreeOf, untilNothingIsLeft } from '../../../helpers/processes/process-tree.ts'
import { listensOn } from '../../../helpers/processes/listening-process.ts'
import { newFolder } from '../../../helpers/store/project.ts'
import { WorkerRun, gatedSite } from '../../../helpers/processes/worker-run.ts'

const Targets = z.array(z.object({ type: z.string() }))
const linux = process.platform === 'linux'

/** Starts a worker and waits until it is in a step of its workflow, with its Chrome running. */
async function workerAtStep(
  t: Pick<Test, 'teardown'>,
  cdp: LaunchProfile['cdp'],
): Promise<[WorkerRun, WorkerDocument]> {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const run = await WorkerRun.start({
    root: newFolder(),
    workflow: 'visits-a-gated-page',
    input: { url: site.url },
    launch: { cdp },
  })
  t.teardown(() => run.child.kill('SIGKILL'))
  return [run, await run.atStep(`page ${site.url}`)]
}

/** Returns all sockets on which the worker and its Chrome listen. */
const listening = (run: WorkerRun) =>
  linux ? processTreeOf(run.child.pid ?? 0).flatMap(({ pid }) => listensOn(pid)) : []

t.test('with cdp "pipe" neither the worker nor its Chrome opens a TCP socket', async t => {
  const [run, { browser }] = await workerAtStep(t, 'pipe')
  t.equal(browser?.devtools, null)
  t.strictSame(listening(run), [])
  t.strictSame(readdirSync(run.paths.ports), [])
  run.child.kill('SIGKILL')
  await run.exited
})

t.test('with cdp "port" the state has the DevTools address, and a killed worker leaves nothing', async t => {
  const [run, { browser }] = await workerAtStep(t, 'port')
  const devtools = browser?.devtools ?? ''
  t.match(devtools, /^http:\/\/127\.0\.0\.1:2\d{4}$/)
  const targets = Targets.parse(await (await fetch(`${devtools}/json/list`)).json())
  t.equal(targets.filter(({ type }) => type === 'page').length, 1, 'its page is listed')
  if (linux) t.strictSame(listening(run), [devtools.slice('http://'.length)], 'only on this machine')
  t.strictSame(readdirSync(run.paths.ports), [], 'the lock is removed once the port is proven')
  t.match(run.log(), devtools)

  const family = processTreeOf(run.child.pid ?? 0)
  run.child.kill('SIGKILL')
  await run.exited
  await untilNothingIsLeft(family, run.paths.root)
  await t.rejects(fetch(devtools), 'the address no longer responds')
})
