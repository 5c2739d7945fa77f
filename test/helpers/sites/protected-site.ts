import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface ProtectedSite {
  /**
   * `http://127.0.0.1:port`. The site also has the other name of this machine, which is another
   * origin in another process of the browser.
   */
  readonly origin: string
  readonly other: string
  /** Paths of the responses with 200, in order. */
  readonly served: string[]
  /** Served paths whose requests came without a proxy. */
  readonly direct: string[]
  /** Credentials of the requests, as clear text. */
  readonly logins: string[]
  /** Number of responses with 401. */
  readonly counts: { challenged: number }
}

/** Modules that request a path named after their kind and report the status. */
const SCRIPTS: Readonly<Record<string, string>> = {
  '/dedicated.js': `fetch('/from-dedicated').then(r => postMessage(r.status))`,
  '/shared.js': `onconnect = event => fetch('/from-shared').then(r => event.ports[0].postMessage(r.status))`,
  '/service.js': `oninstall = event => event.waitUntil(fetch('/from-service').then(r => { if (!r.ok) throw r.status }))`,
}

/** Headers that let scripts of all origins read a response without credentials, as many APIs do. */
const OPEN = { 'access-control-allow-origin': '*' }

/** Starts a real site with pages and workers that requires HTTP authentication under `/private`. */
export async function protectedSite(
  t: { teardown(end: () => unknown): unknown },
  login: { readonly username: string; readonly password: string },
): Promise<ProtectedSite> {
  const served: string[] = []
  const direct: string[] = []
  const logins: string[] = []
  const counts = { challenged: 0 }
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { ...OPEN, 'access-control-allow-headers': '*' }).end()
      return
    }
    const said = loginOf(request)
    if (said !== undefined) logins.push(said)
    if (path.startsWith('/private') && said !== `${login.username}:${login.password}`) {
      counts.challenged += 1
      response.writeHead(401, { ...OPEN, 'www-authenticate': 'Basic realm="private"' }).end('who are you?')
      return
    }
    served.push(path)
    if (request.headers.via === undefined) direct.push(path)
    answer(path, response)
  })
  await new Promise<void>(resolve => server.listen(0, resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the site has no port')
  const { port } = address
  return {
    origin: `http://127.0.0.1:${port}`,
    other: `http://localhost:${port}`,
    served,
    direct,
    logins,
    counts,
  }
}

function answer(path: string, response: ServerResponse): void {
  const script = SCRIPTS[path.replace(/^\/private/, '')]
  response.setHeader('cache-control', 'no-store')
  response.setHeaders(new Headers(OPEN))
  response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript')
  response.end(script ?? `<title>here</title><h1>${path}</h1>`)
}

function loginOf({ headers: { authorization } }: IncomingMessage): string | undefined {
  return authorization?.startsWith('Basic ') === true
    ? Buffer.from(authorization.slice('Basic '.length), 'base64').toString('utf8')
    : undefined
}
