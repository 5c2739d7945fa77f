import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'

/** `leave` stores everything that a page can store. `look` reports the stored items. */
const PAGE = `<!doctype html><title>Remembers</title><input><script>
async function leave() {
  document.cookie = 'left=1; max-age=999'
  localStorage.left = sessionStorage.left = 'over'
  window.name = 'left'
  const opening = indexedDB.open('left')
  await new Promise(resolve => { opening.onsuccess = resolve })
  opening.result.close()
  await (await caches.open('left')).put('/left', new Response('over'))
  await (await navigator.storage.getDirectory()).getFileHandle('left', { create: true })
  await (await fetch('/cached')).text()
  history.pushState({ left: 1 }, '', '#left')
  // Goes on storing, for as long as it is let.
  setInterval(() => { document.cookie = 'late=1'; localStorage.late = 1 }, 1)
  // The page of the other port is the last one of a job.
  if (location.search === '?last') addEventListener('beforeunload', event => event.preventDefault())
}
async function look() {
  const files = []
  await (await fetch('/cached')).text()
  for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name)
  return {
    cookie: document.cookie, local: { ...localStorage }, session: { ...sessionStorage }, name: window.name, state: history.state, files,
    databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    exposed: typeof exposed, injected: typeof injected, width: innerWidth, agent: /left over/.test(navigator.userAgent),
    zone: new Date(0).getTimezoneOffset() === -540, online: navigator.onLine,
    location: (await navigator.permissions.query({ name: 'geolocation' })).state,
    fromCache: performance.getEntriesByType('resource').at(-1).transferSize === 0,
  }
}
</script>`

const Report = z.object({
  found: z.record(z.string(), z.unknown()),
  site: z.record(z.string(), z.unknown()),
  headers: z.record(z.string(), z.string()),
})

export interface RememberingSite {
  /** `http://127.0.0.1:port` */
  readonly url: string
  /**
   * The same site under another port. It is another origin, but its documents run in the same
   * process.
   */
  readonly other: string
  /** Reports of jobs about the items that they found, in order. */
  readonly reports: z.infer<typeof Report>[]
}

/** Starts a site that stores everything in a browser that a page can store, under two origins. */
export async function rememberingSite(t: {
  teardown(end: () => unknown): unknown
}): Promise<RememberingSite> {
  const reports: RememberingSite['reports'] = []
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/report') {
      void text(request).then(body => {
        reports.push(Report.parse(JSON.parse(body)))
        response.end()
      })
    } else if (request.url === '/cached') {
      response.setHeader('cache-control', 'max-age=3600').end('cached')
    } else if (request.url === '/worker.js') {
      response.setHeader('content-type', 'text/javascript').end('addEventListener("fetch", () => {})')
    } else response.setHeader('content-type', 'text/html').end(PAGE)
  }
  return { url: await listen(t, listener), other: await listen(t, listener), reports }
}

async function listen(
  t: { teardown(end: () => unknown): unknown },
  listener: RequestListener,
): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return `http://127.0.0.1:${address.port}`
}
