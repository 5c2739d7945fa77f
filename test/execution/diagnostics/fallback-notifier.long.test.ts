import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { NO_SECRETS } from '../../../lib/model/worker/worker-secrets.ts'
import { FromWorker } from '../../../lib/model/worker/worker-ipc.ts'
import { FallbackNotifier } from '../../../lib/execution/diagnostics/fallback-notifier.ts'
import { createWorkerLog } from '../../../lib/execution/worker/worker-log.ts'
import { readMark } from '../../../lib/files/notified-marker.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { messageServer } from '../../helpers/sites/message-server.ts'
import type { ServerAnswer } from '../../helpers/sites/message-server.ts'
import { WorkerRun } from '../../helpers/processes/worker-run.ts'

/**
 * Starts a worker that fails, with a parent that responds or does not. Resolves when the worker has
 * exited.
 */
async function failing(t: Test, workflow: string, hears: boolean, ...answers: ServerAnswer[]) {
  const server = await messageServer(t, ...answers)
  const telegram = { token: '9:secret-token', chat: '1', apiRoot: server.url, photos: true }
  const telling = { telegram, language: 'en', project: 'shop' } as const
  const root = t.testdir()
  const run = await WorkerRun.start({
    root,
    workflow,
    access: { ...NO_SECRETS, telling, secrets: ['an-own-secret'] },
  })
  const said: string[] = []
  run.child.on('message', message => {
    const { data } = FromWorker.safeParse(message)
    if (data === undefined) return
    said.push(data.type)
    if (data.type === 'crashed' && hears) run.tell({ type: 'heard', job: data.job })
  })
  const { code } = await run.exited
  t.equal(code, 1)
  t.equal(run.crashes().length, 1)
  const names = readdirSync(run.paths.crashes)
  const file = names.find(name => /^job_.*\.json$/.test(name)) ?? ''
  return { run, said, server, names, told: readMark(join(run.paths.crashes, file)) }
}

const NOBODY = { channels: [], sure: true }

t.test('a parent that receives the crash notifies people, and the worker does not', async t => {
  const { said, server, told } = await failing(t, 'fails-at-a-button', true)
  t.equal(said.filter(one => one === 'crashed').length, 1)
  t.strictSame(server.requests, [])
  t.strictSame(told, NOBODY)
})

t.test('a worker notifies people if its parent does not reply, and marks its report', async t => {
  const { server, told, run } = await failing(t, 'fails-at-a-button', false)
  t.equal(server.requests.length, 1)
  t.match(server.requests[0]?.path, /sendPhoto$/)
  t.match(server.requests[0]?.body, /shop: New failure: .*worker 1 of 1: /s)
  t.strictSame(told, { channels: ['telegram'], sure: true })
  t.match(run.logOf(7), /notified by the worker itself/)
  t.notMatch(run.logOf(7), /secret-token/)
})

t.test('a worker also notifies people of an error thrown outside of promises', async t => {
  const { server, told } = await failing(t, 'throws-outside-of-promises', false)
  t.equal(server.requests.length, 1)
  t.strictSame(told, { channels: ['telegram'], sure: true })
})

t.test('a message that may have arrived is marked as uncertain', async t => {
  const { told, server } = await failing(t, 'throws-outside-of-promises', false, 'reset')
  t.equal(server.requests.length, 1)
  t.strictSame(told, { channels: ['telegram'], sure: false })
})

t.test('a refused message leaves no mark, so the scheduler sends it', async t => {
  const { told } = await failing(t, 'throws-outside-of-promises', false, { status: 500 })
  t.strictSame(told, NOBODY)
})

t.test('a running parent gets more time to reply than a stopped one, but not forever', async t => {
  /** Returns the number of waits for Control before the worker stops waiting. */
  const waits = (controlRuns: (wait: number) => boolean) => {
    const clock = new FakeClock()
    let count = 0
    const teller = new FallbackNotifier({
      settings: {
        telegram: { token: '9:t', chat: '1', apiRoot: 'http://x', photos: false },
        language: 'en',
        project: 'shop',
      },
      paths: new ProjectPaths(t.testdir()),
      member: { workerId: 'w1', jobId: 1, attempt: 1, member: 1, members: 1, workflow: 'fixture' },
      redact: (text: string) => text,
      log: createWorkerLog({ workerId: 'w1' }, clock, () => undefined),
      ...{ clock, send: () => undefined, controlRuns: () => controlRuns(count) },
    })
    teller.request()
    for (; clock.waiting > 0; count += 1) clock.advance(300)
    return count
  }
  t.equal(
    waits(() => false),
    1,
    'stopped or gone',
  )
  t.equal(
    waits(wait => wait < 3),
    4,
    'gone during the wait',
  )
  t.equal(
    waits(() => true),
    10,
    'hanging',
  )
})
