import { createServer } from 'node:http'
import type { Server } from 'node:http'

/** Number of links on a page, and of links that a job reads. */
export const LINKS_A_PAGE = 10

const PARAGRAPH = 'A page of a common size, so that parsing and layout take part in the measure. '
/** Number of sentences. 60 sentences of 79 letters make a page of about 5 kB. */
const SENTENCES = 60

/** Login for `/private`, and for an asking proxy of the bench. */
export const LOGIN = { username: 'bench', password: 'bench' } as const
const AUTHORIZATION = `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64')}`

/** Returns the title of a job's page. */
export function pageTitle(job: number): string {
  return `Page ${job}`
}

function pageHtml(job: number): string {
  const links = Array.from(
    { length: LINKS_A_PAGE },
    (_, index) => `<li><a href="/page/${job}/link/${index}">Link ${index}</a></li>`,
  )
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,">
<title>${pageTitle(job)}</title><style>body { font: 16px sans-serif } a { color: teal }</style></head>
<body><h1>${pageTitle(job)}</h1><ul>${links.join('')}</ul><p>${PARAGRAPH.repeat(SENTENCES)}</p></body></html>`
}

/**
 * Returns a server of `/page/<n>`, of `/private/page/<n>` for clients with a login (HTTP Basic), of
 * `/served` (the number of pages served so far, as a JSON number), and of `/never`, which accepts a
 * request and does not respond. The caller makes it listen.
 */
export function createPageServer(): Server {
  let served = 0
  return createServer((request, response) => {
    const path = request.url ?? '/'
    const page = /^(?:\/private)?\/page\/(\d+)$/.exec(path)
    if (path.startsWith('/private') && request.headers.authorization !== AUTHORIZATION) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="private"' }).end()
    } else if (page !== null) {
      served += 1
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(pageHtml(Number(page[1])))
    } else if (path === '/served') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(served))
    } else if (path !== '/never') {
      response.writeHead(404).end()
    }
  })
}
