import type { IncomingMessage, ServerResponse } from 'node:http'
import { messageOf } from '../../core/errors/errors.ts'
import { matchRoute, page } from './http.ts'
import type { SiteReply, SiteRoute } from './http.ts'
import { messagePage } from './pages/layout.ts'
import { NOT_FOUND } from './request-counts.ts'
import type { RequestCounts } from './request-counts.ts'

/** Maximum size of a request body. The site's own forms are a few hundred bytes long. */
const BODY_LIMIT_BYTES = 64 * 1024

/** Replies to one request. Never rejects: an error becomes a page with status 400 or 500. */
export async function answerWith(
  routes: readonly SiteRoute[],
  counts: RequestCounts,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let reply: SiteReply
  try {
    reply = await replyTo(routes, counts, message)
  } catch (error) {
    reply = page(messagePage('Something broke', messageOf(error)), 500)
  }
  send(reply, response)
}

async function replyTo(
  routes: readonly SiteRoute[],
  counts: RequestCounts,
  message: IncomingMessage,
): Promise<SiteReply> {
  const method = message.method ?? 'GET'
  const url = URL.parse(message.url ?? '/', 'http://site.invalid')
  if (url === null) return page(messagePage('Bad request', 'This address cannot be read.'), 400)
  const found = matchRoute(routes, method, url.pathname)
  // The request is counted on arrival, before any latency, so that a test that sees one hit can be
  // sure that no second request is pending.
  counts.count(method, found === undefined ? NOT_FOUND : url.pathname)
  if (found === undefined) return page(messagePage('Not found', 'There is no such door on the street.'), 404)
  const form = await readForm(message)
  if (form === undefined) return { kind: 'drop' }
  return found.route.answer({
    method,
    path: url.pathname,
    query: url.searchParams,
    form,
    cookies: readCookies(message.headers.cookie),
    param: name => found.params.get(name) ?? '',
  })
}

function send(reply: SiteReply, response: ServerResponse): void {
  switch (reply.kind) {
    case 'page':
      response.writeHead(reply.status, {
        'content-type': 'text/html; charset=utf-8',
        ...UNCACHED,
        ...reply.headers,
      })
      response.end(reply.page.text)
      return
    case 'json':
      response.writeHead(200, { 'content-type': 'application/json', ...UNCACHED })
      response.end(JSON.stringify(reply.value))
      return
    case 'redirect':
      response.writeHead(303, { location: reply.to, ...UNCACHED, ...reply.headers })
      response.end()
      return
    case 'drop':
      response.socket?.destroy()
  }
}

/** Headers that prevent caching, so that every visit is a counted request. */
const UNCACHED = { 'cache-control': 'no-store' } as const

/** Returns the form fields in a request's body, or undefined if the body is too large. */
async function readForm(message: IncomingMessage): Promise<URLSearchParams | undefined> {
  let text = ''
  message.setEncoding('utf8')
  for await (const chunk of message) {
    text += String(chunk)
    if (text.length > BODY_LIMIT_BYTES) return undefined
  }
  return new URLSearchParams(text)
}

/** Returns the cookies of a request, by name. */
function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>()
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0) cookies.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim())
  }
  return cookies
}
