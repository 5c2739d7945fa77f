import type {
  TraceBefore,
  TraceFrame,
  TraceHead,
  TraceLine,
  TraceRequest,
  TraceRequestEnd,
  TraceResponse,
} from '../../model/trace/trace-line.ts'

/** Value with which a HAR file denotes an unknown time or size. */
const UNKNOWN = -1

/**
 * Version of the Playwright trace format that is written. Viewers read their own version and all
 * older ones.
 */
const FORMAT_VERSION = 8

export interface AssemblySink {
  /** Receives a line of `trace.trace`. */
  readonly trace: (event: object) => void
  /** Receives a line of `trace.network`. */
  readonly network: (event: object) => void
  /** Returns true if the picture of a frame still exists. Some are removed to save space. */
  readonly hasFrame: (name: string) => boolean
}

/**
 * Converts the lines of a recording to the events of a trace, one after the other, and ends the
 * actions that the recording left unfinished.
 */
export class TraceAssembly {
  private readonly sink: AssemblySink
  private readonly open = new Map<string, TraceBefore>()
  private readonly exchanges = new Map<string, Exchange>()
  private lastAt = 0

  constructor(sink: AssemblySink) {
    this.sink = sink
  }

  line(line: TraceLine): void {
    switch (line.type) {
      case 'head':
        this.head(line)
        break
      case 'request':
        this.request(line)
        break
      case 'response':
      case 'request-end':
        this.continued(line)
        break
      case 'screencast-frame':
        this.frame(line)
        break
      case 'before':
        this.open.set(line.callId, line)
        this.copy(line, line.startTime)
        break
      case 'after':
        this.open.delete(line.callId)
        this.copy(line, line.endTime)
        break
      case 'input':
      case 'console':
      case 'event':
      case 'error':
      case 'frame-snapshot':
        this.copy(line, line['time'])
    }
  }

  /**
   * Ends the trace. Actions that were unfinished when the worker died get `reason` as their error.
   */
  end(reason: string): void {
    for (const { callId } of [...this.open.values()].reverse()) {
      this.sink.trace({
        type: 'after',
        callId,
        endTime: this.lastAt,
        error: { name: 'Error', message: reason },
      })
    }
    if (this.open.size > 0) this.sink.trace({ type: 'error', message: reason, stack: [] })
    for (const exchange of this.exchanges.values()) this.write(exchange)
    this.exchanges.clear()
  }

  private head({ startedAt, at, platform, viewport, browser, ...member }: TraceHead): void {
    this.seen(at)
    const { jobId, attempt, workflow } = member
    this.sink.trace({
      type: 'context-options',
      version: FORMAT_VERSION,
      origin: 'library',
      browserName: 'chromium',
      channel: browser,
      platform,
      wallTime: startedAt,
      monotonicTime: at,
      sdkLanguage: 'javascript',
      title: `${workflow}: job ${jobId}, attempt ${attempt}, worker ${member.member}/${member.members}`,
      options: { viewport },
      contextId: member.workerId,
    })
  }

  private request(request: TraceRequest): void {
    this.seen(request.at)
    // A redirected request keeps its id, so the exchange before the redirect is written now.
    const before = this.exchanges.get(request.id)
    if (before !== undefined) this.write(before)
    this.exchanges.set(request.id, { request })
  }

  private continued(line: Extract<TraceLine, { type: 'response' | 'request-end' }>): void {
    this.seen(line.at)
    const exchange = this.exchanges.get(line.id)
    if (exchange === undefined) return
    if (line.type === 'response') {
      this.exchanges.set(line.id, { ...exchange, response: line })
      return
    }
    this.exchanges.delete(line.id)
    this.write({ ...exchange, end: line })
  }

  private frame(line: TraceFrame): void {
    this.seen(line.timestamp)
    if (this.sink.hasFrame(line.sha1)) this.sink.trace(line)
  }

  private write(exchange: Exchange): void {
    this.sink.network({ type: 'resource-snapshot', snapshot: harEntry(exchange) })
  }

  private copy(event: object, at: unknown): void {
    if (typeof at === 'number') this.seen(at)
    this.sink.trace(event)
  }

  private seen(at: number): void {
    this.lastAt = Math.max(this.lastAt, at)
  }
}

/** A request with its events so far. */
interface Exchange {
  readonly request: TraceRequest
  readonly response?: TraceResponse
  readonly end?: TraceRequestEnd
}

/**
 * Returns a request as an entry of an HTTP archive (HAR 1.2), with the additional fields that the
 * trace viewer needs to find it.
 */
function harEntry({ request, response, end }: Exchange): Record<string, unknown> {
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
