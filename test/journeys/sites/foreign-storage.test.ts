import { createServer } from 'node:http'
import t from 'tap'
import { z } from 'zod'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

const SIGNS_IN = `import { defineWorkflow, z } from 'automate-tui'

const read = name => 'localStorage.getItem(' + JSON.stringify(name) + ')'

export default defineWorkflow({
  name: 'signs-in',
  input: z.object({ shop: z.url(), service: z.url() }),
  result: z.array(z.string()),
  retries: 0,
  session: {
    account: () => 'anna',
    login: async ({ page, input, step }) => {
      step('sign in')
      await page.goto(new URL('/login', input.shop).href)
      await page.waitForSelector('.user')
      await page.evaluate("localStorage.setItem('shop', 'of the shop')")
      const opened = new Promise(resolve => page.once('popup', resolve))
      await page.evaluate('void open(' + JSON.stringify(input.service) + ')')
      const popup = await opened
      await popup.waitForSelector('h1')
      await popup.evaluate("localStorage.setItem('service', 'of the service')")
      await popup.close()
    },
  },
}).phase('look', { timeout: '60s' }, async ({ page, input }) => {
  await page.goto(input.shop)
  const shop = await page.evaluate(read('shop'))
  await page.goto(input.service)
  return [String(shop), String(await page.evaluate(read('service')))]
})
`

/** Script that makes the storage unreadable through the page's own functions. */
const HANGS = 'indexedDB.databases = () => new Promise(() => {})'

/** Script that stores more than a login can hold. */
const LARGE = `localStorage.setItem('x', 'x'.repeat(5_000_000))
  const opening = indexedDB.open('x')
  opening.onupgradeneeded = () => opening.result.createObjectStore('x')
  await new Promise(resolve => { opening.onsuccess = resolve })
  const work = opening.result.transaction('x', 'readwrite')
  work.objectStore('x').put('x'.repeat(3_000_000), 1)
  await new Promise(resolve => { work.oncomplete = resolve })`

/** Starts a server with one document at each path. An unknown path has an empty document. */
async function site(pages: Readonly<Record<string, string>>): Promise<number> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><h1>Page</h1>${pages[request.url ?? ''] ?? ''}`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

const tellOpener = (script: string) =>
  `<script>(async () => { ${script}; opener.postMessage('there', '*') })()</script>`

const Jobs = z.array(z.object({ id: z.int(), state: z.string(), errorMessage: z.string().nullable() }))

t.test('pop-ups of another site do not delay a login, and are not saved with it', async t => {
  const keys = newFolder()
  process.env['XDG_DATA_HOME'] = keys
  process.env['LOCALAPPDATA'] = keys
  const hangs = `http://localhost:${await site({ '/': tellOpener(HANGS) })}`
  const large = `http://localhost:${await site({ '/': tellOpener(LARGE) })}`
  const advertiser = await site({
    '/': `<script>
      let there = 0
      onmessage = () => { if (++there === 2) parent.postMessage('there', '*') }
      open('${hangs}/')
      open('${large}/')
    </script>`,
  })
  const shop = await site({
    '/login': `<script>${HANGS}; onmessage = () => { document.body.className = 'user' }</script>
      <iframe src="http://localhost:${advertiser}/"></iframe>`,
  })
  const service = await site({})
  const project = new JourneyProject(t, newFolder(), {
    workflows: [],
    workers: 1,
    settings: { workflows: ['workflows'] },
    files: { 'workflows/signs-in.ts': SIGNS_IN },
  })
  await project.schedule()
  const input = { shop: `http://127.0.0.1:${shop}/`, service: `http://127.0.0.1:${service}/` }
  for (const how of [/logging in/, /the saved login of signs-in\/anna is used/]) {
    const id = await project.enqueue('signs-in', input)
    const ended = await until('the end of the job', async () =>
      (await project.ask(Jobs, 'jobs')).find(
        job => job.id === id && (job.state === 'succeeded' || job.state === 'failed'),
      ),
    )
    t.match(ended, { state: 'succeeded', errorMessage: null })
    t.match((await project.run(['logs'])).stdout, how)
    const shown = await project.run(['jobs', String(id), '--json'])
    t.match(shown.stdout, /"of the shop",\s*"of the service"/)
  }
  const { stdout } = await project.run(['logs'])
  const left = stdout.split('\n').filter(line => line.includes('the login is saved without'))
  t.match(left[0], hangs)
  t.match(left[0], large)
  t.match(left[0], /no page of the workflow has shown it/)
  t.notMatch(stdout, /did not end|timed out|the login could not be saved/)
})
