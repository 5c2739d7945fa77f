import { z } from 'zod'
import { MemberRef } from '../worker/documents.ts'
import { Instant } from '../json.ts'

/** Milliseconds on the monotonic clock of the worker that records. */
const At = z.number()

/**
 * First line of a recording: the member that is recorded. Instants are from the worker's wall
 * clock.
 */
const Head = MemberRef.extend({
  type: z.literal('head'),
  version: z.literal(1),
  startedAt: Instant,
  at: At,
  /** `Chrome/140.0.1.2` */
  browser: z.string(),
  platform: z.string(),
  viewport: z.object({ width: z.int(), height: z.int() }),
})
export type TraceHead = z.infer<typeof Head>

const Headers = z.array(z.object({ name: z.string(), value: z.string() }))

const Request = z.object({
  type: z.literal('request'),
  id: z.string(),
  at: At,
  startedAt: Instant,
  page: z.string(),
  frame: z.string(),
  method: z.string(),
  url: z.string(),
  headers: Headers,
  /** Chrome's resource type: `Document`, `Fetch` … */
  resource: z.string(),
})
export type TraceRequest = z.infer<typeof Request>

/**
 * Times in milliseconds from the start of the request; -1 if the request did not have that step.
 */
const Timing = z.object({
  dnsStart: z.number(),
  dnsEnd: z.number(),
  connectStart: z.number(),
  connectEnd: z.number(),
  sslStart: z.number(),
  sslEnd: z.number(),
  sendStart: z.number(),
  sendEnd: z.number(),
  receiveHeadersEnd: z.number(),
})

const Response = z.object({
  type: z.literal('response'),
  id: z.string(),
  at: At,
  status: z.int(),
  statusText: z.string(),
  protocol: z.string(),
  mimeType: z.string(),
  headers: Headers,
  server: z.string(),
  timing: Timing.nullable(),
})
export type TraceResponse = z.infer<typeof Response>

const RequestEnd = z.object({
  type: z.literal('request-end'),
  id: z.string(),
  at: At,
  /** Number of bytes on the wire; null if the request failed. */
  bytes: z.number().nullable(),
  error: z.string().nullable(),
})
export type TraceRequestEnd = z.infer<typeof RequestEnd>

const Before = z.object({
  type: z.literal('before'),
  callId: z.string(),
  parentId: z.string().optional(),
  pageId: z.string(),
  startTime: At,
  title: z.string(),
  class: z.string(),
  method: z.string(),
  params: z.record(z.string(), z.unknown()),
  beforeSnapshot: z.string().optional(),
})
export type TraceBefore = z.infer<typeof Before>

const After = z.object({
  type: z.literal('after'),
  callId: z.string(),
  endTime: At,
  afterSnapshot: z.string().optional(),
  error: z.object({ name: z.string(), message: z.string(), stack: z.string().optional() }).optional(),
  point: z.object({ x: z.number(), y: z.number() }).optional(),
})
export type TraceAfter = z.infer<typeof After>

const Frame = z.object({
  type: z.literal('screencast-frame'),
  pageId: z.string(),
  /** File name of the picture. */
  sha1: z.string(),
  width: z.number(),
  height: z.number(),
  timestamp: At,
})
export type TraceFrame = z.infer<typeof Frame>

/** Returns the schema of lines that are copied unchanged into the trace. */
const verbatim = <Type extends string>(type: Type) => z.looseObject({ type: z.literal(type) })

/**
 * A line of a recording. The worker appends the lines and the packer reads them. They are the
 * events of the Playwright trace format, version 8, and lines for what becomes known in parts: a
 * request, its response and its end are separate lines, so that the lines of a killed worker
 * contain what it knew.
 */
export const TraceLine = z.discriminatedUnion('type', [
  Head,
  Request,
  Response,
  RequestEnd,
  Before,
  After,
  Frame,
  verbatim('input'),
  verbatim('console'),
  verbatim('event'),
  verbatim('error'),
  verbatim('frame-snapshot'),
])
export type TraceLine = z.infer<typeof TraceLine>
