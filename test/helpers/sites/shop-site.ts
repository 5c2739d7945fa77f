import { createServer } from 'node:http'
import { until } from '../until.ts'

/**
 * Page with everything that a trace shows: a form, a style sheet, the console and a request. It
 * also has secrets that the trace must not show.
 */
const PAGE = `<!doctype html><title>Shop</title><link rel="stylesheet" href="/style.css">
<h1 class="front" data-csrf-token="attribute-secret">Wine for everyone</h1>
<input id="name"><input id="word" type="password"><input type="hidden" name="csrf_token" value="field-secret">
<a href="/cart?session=link-secret">cart</a>
<button id="buy" onclick="document.body.append('bought'); console.log('a bottle was bought, token=console-secret')">Buy</button>
<script>
  let count = 0
  const tick = () => {
    count += 1
    document.querySelector('h1').textContent = 'Wine for everyone, ' + count
    if (count === 30) document.body.insertAdjacentHTML('beforeend', '<p id="ready">ready</p>')
    if (count === 60) document.body.insertAdjacentHTML('beforeend', '<p id="paid">paid</p>')
    requestAnimationFrame(tick)
  }
  tick()
</script>`

/** Pop-up that repeats its message until a listener exists to receive it. */
const SLIP = `<!doctype html><title>Slip</title><link rel="icon" href="data:,">
<script>setInterval(() => console.log('the slip is printed, token=slip-secret'), 100)</script>`

export interface ShopSite {
  readonly url: string
  /** Resolves when a request for this path has arrived. */
  readonly asked: (path: string) => Promise<unknown>
  readonly close: () => void
}

/** Serves the page, its pop-up and style sheet and a JSON response, with a cookie. */
export async function shopSite(): Promise<ShopSite> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site')
    asked.push(pathname)
    if (pathname === '/shop') {
      response.setHeader('set-cookie', 'id=cookie-secret')
      response.setHeader('content-type', 'text/html')
      response.end(PAGE)
    } else if (pathname === '/slip') {
      response.setHeader('content-type', 'text/html')
      response.end(SLIP)
    } else if (pathname === '/style.css') {
      response.setHeader('content-type', 'text/css')
      response.end('.front { color: rgb(1, 2, 3) }')
    } else {
      response.setHeader('content-type', 'application/json')
      response.end('{"bottles":1}')
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the site has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked: path => until(`a request for ${path}`, () => asked.includes(path)),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
