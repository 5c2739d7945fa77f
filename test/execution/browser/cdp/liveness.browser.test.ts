import t from 'tap'
import { CdpDirtyCheck } from '../../../../lib/execution/browser/cdp/cdp-dirty-check.ts'
import { watchLiveness } from '../../../../lib/execution/browser/cdp/liveness.ts'
import { openBrowser } from '../../../../lib/execution/browser/launch/open-browser.ts'
import { browserFolders } from '../../../helpers/sites/browser-folders.ts'
import { FakeClock } from '../../../helpers/fake-clock.ts'
import { newFolder } from '../../../helpers/store/project.ts'
import { until } from '../../../helpers/until.ts'
import { testBrowser } from '../../../helpers/processes/worker-run.ts'

function listen(ask: () => Promise<unknown>) {
  const clock = new FakeClock()
  const over = new AbortController()
  const silences: number[] = []
  const ended = watchLiveness(ask, ms => silences.push(ms), { over: over.signal, clock })
  const pass = async (ms: number) => {
    await until('a timer', () => clock.waiting === 1)
    clock.advance(ms)
  }
  return { clock, over, silences, ended, pass }
}

t.test('a browser that misses two responses in a row counts as silent', async t => {
  let asked = 0
  const { silences, ended, pass, clock } = listen(() => {
    asked += 1
    return new Promise(() => undefined)
  })
  await pass(3_000)
  await pass(5_000)
  t.same(silences, [])
  await pass(5_000)
  await ended
  t.same(silences, [10_000])
  t.equal(asked, 2)
  t.equal(clock.waiting, 0)
})

t.test('a response resets the count of missed ones', async t => {
  const answers = [new Promise(() => undefined), Promise.resolve(1), new Promise(() => undefined)]
  const { silences, pass, over, ended } = listen(() => answers.shift() ?? Promise.resolve(1))
  await pass(3_000)
  await pass(5_000)
  await pass(3_000)
  await pass(5_000)
  t.same(answers, [])
  t.same(silences, [])
  over.abort()
  await ended
})

t.test('a refusal or the end of the watch ends it silently', async t => {
  const refused = listen(() => Promise.reject(new Error('Connection closed.')))
  await refused.pass(3_000)
  await refused.ended
  const over = listen(() => Promise.resolve(1))
  over.over.abort()
  await over.ended
  t.same([...refused.silences, ...over.silences], [])
  t.equal(over.clock.waiting, 0)
})

t.test('the heartbeat of a browser does not prevent the reuse of its page', async t => {
  const folder = newFolder()
  const clock = new FakeClock()
  const browser = openBrowser({ launch: testBrowser(), ...browserFolders(folder) }, clock)
  t.teardown(async () => {
    let closed = false
    void browser.close().then(() => (closed = true))
    // The close waits for the end of Chrome's output on this clock.
    await until('the end of the browser', () => {
      clock.advance(1_000)
      return closed
    })
  })
  const { sent } = await browser.opened
  const asked: string[] = []
  sent.listen(message => asked.push(message))
  const job = new CdpDirtyCheck(sent)
  await until('the heartbeat to wait', () => clock.isDueIn(3_000))
  clock.advance(3_000)
  await until('the browser to be asked', () => asked.some(message => message.includes('Browser.getVersion')))
  t.equal(job.persistent, undefined)
})
