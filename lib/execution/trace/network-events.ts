import type { CDPSession, Protocol } from 'puppeteer'
import type { TraceLine } from '../../model/trace/trace-line.ts'
import { redactHeaders } from '../../core/text/redact.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import type { Disposables } from '../browser/cdp/disposables.ts'

/**
 * Maximum length of a `data:` address in the trace, in UTF-16 code units. Such an address contains
 * the whole content, and its beginning states the type.
 */
const DATA_URL_EXCERPT = 60

export interface NetworkSink {
  readonly pageId: string
  readonly now: () => number
  readonly wallNow: () => number
  readonly write: (line: TraceLine) => void
}

/**
 * Records the requests of a session with their responses and ends. Bodies are not recorded, and
 * this session receives no events about cookies.
 */
export function recordNetwork(session: CDPSession, subscriptions: Disposables, sink: NetworkSink): void {
  const { pageId, now, wallNow, write } = sink
  const end = (id: string, bytes: number | null, error: string | null) =>
    write({ type: 'request-end', id, at: now(), bytes, error })
  const answered = (id: string, response: Protocol.Network.Response) =>
    write(responseLine(id, now(), response))

  subscriptions.on(session, 'Network.requestWillBeSent', event => {
    const { requestId, request, redirectResponse, frameId, type } = event
    if (redirectResponse !== undefined) {
      answered(requestId, redirectResponse)
      end(requestId, redirectResponse.encodedDataLength, null)
    }
    write({
      type: 'request',
      id: requestId,
      at: now(),
      startedAt: wallNow(),
      page: pageId,
      frame: frameId ?? '',
      method: request.method,
      url: request.url.startsWith('data:') ? excerptOf(request.url) : request.url,
      headers: redactHeaders(request.headers),
      resource: type ?? 'Other',
    })
  })
  subscriptions.on(session, 'Network.responseReceived', ({ requestId, response }) =>
    answered(requestId, response),
  )
  subscriptions.on(session, 'Network.loadingFinished', ({ requestId, encodedDataLength }) =>
    end(requestId, encodedDataLength, null),
  )
  subscriptions.on(session, 'Network.loadingFailed', ({ requestId, errorText }) =>
    end(requestId, null, errorText),
  )
}

const excerptOf = (url: string): string => knownSecrets.redact(knownSecrets.head(url, DATA_URL_EXCERPT))

function responseLine(id: string, at: number, response: Protocol.Network.Response): TraceLine {
  const { status, statusText, protocol, mimeType, headers, remoteIPAddress, remotePort, timing } = response
  return {
    type: 'response',
    id,
    at,
    status,
    statusText,
    protocol: protocol ?? '',
    mimeType,
    headers: redactHeaders(headers),
    server: remoteIPAddress === undefined ? '' : `${remoteIPAddress}:${remotePort ?? 0}`,
    timing: timing === undefined ? null : timingOf(timing),
  }
}

function timingOf(timing: Protocol.Network.ResourceTiming) {
  const {
    dnsStart,
    dnsEnd,
    connectStart,
    connectEnd,
    sslStart,
    sslEnd,
    sendStart,
    sendEnd,
    receiveHeadersEnd,
  } = timing
  return {
    dnsStart,
    dnsEnd,
    connectStart,
    connectEnd,
    sslStart,
    sslEnd,
    sendStart,
    sendEnd,
    receiveHeadersEnd,
  }
}
