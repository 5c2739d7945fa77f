import type { Protocol } from 'puppeteer'
import t from 'tap'
import { sessionOf } from '../../../../lib/execution/browser/cdp/page-session.ts'
import type { RateLimited } from '../../../../lib/execution/browser/pages/navigation-status.ts'
import { guardedBrowser } from '../../../helpers/sites/guarded-browser.ts'

const URL = 'http://shop.test/'
const NAVIGATION = { requestId: 'N', loaderId: 'N', timestamp: 1, type: 'Document' } as const

function requestOf(frameId: string): Protocol.Network.RequestWillBeSentEvent {
  return {
    ...NAVIGATION,
    frameId,
    documentURL: URL,
    request: { url: URL, method: 'GET', headers: {}, initialPriority: 'High', referrerPolicy: 'origin' },
    wallTime: 1,
    initiator: { type: 'other' },
    redirectHasExtraInfo: false,
  }
}

function responseOf(frameId: string, status: number): Protocol.Network.ResponseReceivedEvent {
  return {
    ...NAVIGATION,
    frameId,
    hasExtraInfo: false,
    response: {
      url: URL,
      status,
      statusText: '',
      headers: { 'Retry-After': '3' },
      mimeType: 'text/html',
      charset: '',
      connectionReused: false,
      connectionId: 1,
      encodedDataLength: 1,
      securityState: 'neutral',
    },
  }
}

t.test('counts a 429 even if its request and response arrive together', async t => {
  const { page, watch } = await guardedBrowser(t, null)
  const session = sessionOf(page)
  if (session === undefined) throw new Error('puppeteer keeps its session elsewhere')
  const { targetInfo } = await session.send('Target.getTargetInfo')
  const refusals: RateLimited[] = []
  const end = watch.begin(refusal => refusals.push(refusal))
  const arrive = (frameId: string, status: number) => {
    session.emit('Network.requestWillBeSent', requestOf(frameId))
    session.emit('Network.responseReceived', responseOf(frameId, status))
  }
  arrive(targetInfo.targetId, 429)
  // puppeteer calls the listeners of `request` only after this call.
  await page.evaluate('0')
  const refusal = { domain: 'shop.test', status: 429, retryAfterMs: 3_000 }
  t.same(watch.factsOf(page)?.refusal, refusal)
  t.same(refusals, [refusal])

  arrive('another-frame', 200)
  t.same(watch.factsOf(page)?.refusal, refusal, 'a frame does not change the facts of the page')
  arrive(targetInfo.targetId, 200)
  t.equal(watch.factsOf(page)?.refusal, undefined)
  arrive(targetInfo.targetId, 407)
  t.equal(watch.factsOf(page)?.refusedByProxy, true)

  end()
  arrive(targetInfo.targetId, 429)
  t.equal(refusals.length, 1, 'an ended job receives nothing')
  watch.begin(() => undefined)
  t.equal(watch.factsOf(page)?.refusal, undefined, 'the next job begins without the facts of the last one')
})
