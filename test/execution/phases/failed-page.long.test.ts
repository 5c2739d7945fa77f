import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { newFolder } from '../../helpers/store/project.ts'
import { WorkerRun } from '../../helpers/processes/worker-run.ts'
import { guardedBrowser } from '../../helpers/sites/guarded-browser.ts'

const RED = '<body style="background: red">Not now'

async function site(t: { teardown(end: () => void): void }): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html')
    if (request.url === '/busy') response.writeHead(429, { 'Retry-After': '3' })
    if (request.url === '/away') response.writeHead(302, { location: '/busy' })
    response.end(RED)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${address === null || typeof address === 'string' ? 0 : address.port}`
}

async function crashOf(url: string, how: string) {
  const run = await WorkerRun.start({
    root: newFolder(),
    workflow: 'fails-beside-its-page',
    input: { url, how },
  })
  await run.exited
  const [crash] = run.crashes()
  if (crash === undefined) throw new Error(`${how}: no crash report`)
  return { run, crash }
}

t.test('a 429 in a pop-up fails its phase as the domain asks', async t => {
  const url = await site(t)
  for (const path of ['/busy', '/away']) {
    const { run, crash } = await crashOf(`${url}${path}`, 'pop-up')
    t.match(crash.error, {
      code: 'navigate',
      message: '127.0.0.1 asks to wait 3 s (429).',
      facts: { status: 429, retryAfterMs: 3_000 },
    })
    t.equal(run.log().split('"127.0.0.1 asks to wait 3 s (429)"').length, 2, 'it is reported once')
  }
})

t.test('the report and the picture of a failure show the pop-up that failed', async t => {
  const url = `${await site(t)}/shop`
  const { run, crash } = await crashOf(url, 'pop-up')
  t.match(crash, { error: { code: 'element' }, url })
  const picture = crash.artefacts.find(({ kind }) => kind === 'screenshots')
  const png = readFileSync(join(run.paths.root, picture?.path ?? 'none')).toString('base64')
  const { page } = await guardedBrowser(t, null)
  const colour = await page.evaluate(`(async () => {
    const image = new Image()
    image.src = 'data:image/png;base64,${png}'
    await image.decode()
    const context = Object.assign(document.createElement('canvas'), image).getContext('2d')
    context.drawImage(image, 0, 0)
    return [...context.getImageData(2, 2, 1, 1).data]
  })()`)
  t.same(colour, [255, 0, 0, 255])
})

t.test('a failure names the dialog that blocks its page', async t => {
  const url = await site(t)
  const alert = await crashOf(url, 'alert')
  t.match(alert.crash.error, {
    code: 'element',
    message:
      /^Waiting for selector `#never` failed\. A dialog is open and blocks the page: alert "Really\?"\. /,
    stack: /^.*Really[^]*fails-beside-its-page\.ts:17/,
    facts: { dialog: 'alert' },
  })
  const leaving = await crashOf(url, 'beforeunload')
  t.match(leaving.crash.error, {
    name: 'NavigateError',
    message: /^Navigation timeout of 1500 ms exceeded\. A dialog is open .*: beforeunload\. /,
  })
})
