import { createServer } from 'node:http'

/**
 * Number of advertisers' domains in the redirects of one pop-up. Chrome follows at most 20
 * redirects.
 */
const ADVERTISERS = 18

/**
 * Starts a site whose page `/` opens two pop-ups. Redirects lead the pop-ups through 36 hosts
 * (`ad1.localhost`, …), and each host sets 45 cookies of 4 kB. `/sign-on` sets 60 such cookies and
 * redirects to `/`, `/fill` sets 55. `/plain` sets none.
 */
export async function cookieSite(t: { teardown(end: () => unknown): unknown }) {
  const server = createServer({ maxHeaderSize: 1_000_000 }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site')
    const number = Number(searchParams.get('number'))
    const set = (count: number, bytes = 4_000) => {
      for (let n = 0; n < count; n += 1) {
        response.appendHeader('set-cookie', `c${number + n}=${'x'.repeat(bytes)}; max-age=9999`)
      }
    }
    const redirect = (host: string, path: string) =>
      response.writeHead(302, { location: `http://${host}:${port}${path}` }).end()
    response.setHeader('content-type', 'text/html')
    if (pathname === '/sign-on') {
      set(60)
      redirect('127.0.0.1', '/')
    } else if (pathname === '/ad') {
      set(45)
      if (number % ADVERTISERS === 0) response.end('Advertisement')
      else redirect(`ad${number + 1}.localhost`, `/ad?number=${number + 1}`)
    } else if (pathname === '/fill') {
      set(55, Number(searchParams.get('bytes')))
      response.end('Full')
    } else if (pathname === '/plain') {
      response.end('Plain')
    } else {
      response.setHeader('set-cookie', 'session=own')
      response.end(`<script>for (const number of [1, ${ADVERTISERS + 1}])
        open('http://ad' + number + '.localhost:${port}/ad?number=' + number)</script>`)
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the site has no port')
  const { port } = address
  return {
    /** Returns the address of a path on one of the site's hosts. */
    at: (host: string, path: string) => `http://${host}:${port}${path}`,
    /** Number of cookies that the pop-ups set. */
    advertised: 2 * ADVERTISERS * 45,
  }
}
