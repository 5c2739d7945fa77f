import type { TraceRequest, TraceRequestEnd, TraceResponse } from '../../model/trace/trace-line.ts'

/** A request as far as it went. */
export interface Exchange {
  readonly request: TraceRequest
  readonly response?: TraceResponse
  readonly end?: TraceRequestEnd
}

/** What stands for a time or size that is not known, by HAR's rules. */
const UNKNOWN = -1

/** A request as an entry of an HTTP archive (HAR 1.2), with the fields beside it by which the trace viewer finds it. */
export function harEntry({ request, response, end }: Exchange): Record<string, unknown> {
  const totalMs = end === undefined ? UNKNOWN : Math.max(0, end.at - request.at)
  const bytes = end?.bytes ?? UNKNOWN
  return {
    pageref: request.page,
    _frameref: request.frame,
    _monotonicTime: request.at,
    _resourceType: request.resource.toLowerCase(),
    startedDateTime: new Date(request.startedAt).toISOString(),
    time: totalMs,
    request: {
      method: request.method,
      url: request.url,
      httpVersion: versionOf(response),
      cookies: [],
      headers: request.headers,
      queryString: [],
      headersSize: UNKNOWN,
      bodySize: UNKNOWN,
    },
    response: {
      status: response?.status ?? UNKNOWN,
      statusText: response?.statusText ?? '',
      httpVersion: versionOf(response),
      cookies: [],
      headers: response?.headers ?? [],
      content: { size: bytes, mimeType: response?.mimeType ?? 'x-unknown' },
      headersSize: UNKNOWN,
      bodySize: bytes,
      redirectURL: '',
      _transferSize: bytes,
      ...(end?.error === undefined || end.error === null ? {} : { _failureText: end.error }),
    },
    cache: {},
    timings: timingsOf(response, totalMs),
    ...(response === undefined || response.server === '' ? {} : { serverIPAddress: response.server }),
  }
}

const versionOf = (response: TraceResponse | undefined): string =>
  response === undefined || response.protocol === '' ? 'HTTP/1.1' : response.protocol.toUpperCase()

function timingsOf(response: TraceResponse | undefined, totalMs: number) {
  const timing = response?.timing
  if (timing === null || timing === undefined) return { send: 0, wait: totalMs, receive: 0 }
  const span = (start: number, end: number) => (start < 0 ? UNKNOWN : end - start)
  return {
    dns: span(timing.dnsStart, timing.dnsEnd),
    connect: span(timing.connectStart, timing.connectEnd),
    ssl: span(timing.sslStart, timing.sslEnd),
    send: span(timing.sendStart, timing.sendEnd),
    wait: span(timing.sendEnd, timing.receiveHeadersEnd),
    receive: totalMs < 0 ? UNKNOWN : Math.max(0, totalMs - timing.receiveHeadersEnd),
  }
}
