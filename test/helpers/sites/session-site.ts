import { createServer } from 'node:http'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'

const FOUND = { 'content-type': 'text/html' }

export interface SessionSite {
  /** `http://127.0.0.1:port`. `localhost` is another site. */
  readonly url: string
  /** Requests in order: the path with its query, and the headers. */
  readonly requests: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[]
  /** Requests for `/renew` that have no response yet. */
  readonly held: readonly ServerResponse[]
  /**
   * Responds to all requests for `/renew`, now and from now on. Those of a signed-in browser get a
   * renewed session cookie.
   */
  readonly release: () => void
}

/**
 * Starts a site with a sliding session: `/in` signs in, `/renew` renews the session, late. A page
 * has the header `name: value` of each query parameter `header=name: value`, and runs the query
 * parameter `script`.
 */
export async function sessionSite(t: { teardown(end: () => unknown): unknown }): Promise<SessionSite> {
  const requests: { path: string; headers: IncomingHttpHeaders }[] = []
  const held: ServerResponse[] = []
  const renewed = new WeakMap<ServerResponse, string>()
  let released = false
  const renew = (response: ServerResponse) => {
    const cookie = renewed.get(response)
    if (cookie !== undefined) response.setHeader('set-cookie', `${cookie}; path=/; max-age=999`)
    response.writeHead(204).end()
  }
  const server = createServer((request, response) => {
    const { headers, url: path = '/' } = request
    const { pathname, searchParams } = new URL(path, 'http://site')
    requests.push({ path, headers })
    if (pathname === '/favicon.ico') response.writeHead(404).end()
    else if (pathname === '/renew') {
      if (headers.cookie !== undefined) renewed.set(response, headers.cookie)
      if (released) renew(response)
      else held.push(response)
    } else if (pathname === '/private' && headers.authorization === undefined) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="site"' }).end()
    } else {
      const to = searchParams.get('to')
      const extra = searchParams.getAll('header').map((line): [string, string] => {
        const [name = '', value = ''] = line.split(': ', 2)
        return [name, value]
      })
      response.writeHead(to === null ? 200 : 302, {
        ...FOUND,
        ...(to === null ? {} : { location: to }),
        ...(pathname === '/in' ? { 'set-cookie': 'session=alice; path=/; max-age=999' } : {}),
        ...Object.fromEntries(extra),
      })
      response.end(`<!doctype html><p>page</p><script>${searchParams.get('script') ?? ''}</script>`)
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    held,
    release: () => {
      released = true
      for (const response of held.splice(0)) renew(response)
    },
  }
}
