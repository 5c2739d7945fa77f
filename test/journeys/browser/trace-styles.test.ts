import { readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import t from 'tap'
import { z } from 'zod'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'

/**
 * The first character before a letter can begin markup, and is escaped in the styles of a trace.
 */
const SECRET = 'canary<of-the-style'

/** Page without a heading, so that the workflow fails and the trace shows the page. */
const PAGE = `<!doctype html>
  <style>
    a::before { content: "${SECRET}" }
    b { background: url("http://ann:nightin<gale@127.0.0.1:9/b.png") }
    i::before { content: "a <b" }
  </style>
  <style type="text/x">unknown ${SECRET}</style>
  <script>
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('u::before { content: "adopted ${SECRET}" }')
    document.adoptedStyleSheets = [sheet]
  </script>`

t.test('redacts a secret with a markup character in the styles of a trace', async t => {
  const site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(PAGE)
  })
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
  t.teardown(() => site.close())
  const { port } = z.object({ port: z.int() }).parse(site.address())
  const project = new JourneyProject(t, newFolder(), {
    workflows: ['through-proxy'],
    files: { '.env': `SHOP_PASSWORD='${SECRET}'\n` },
  })
  const url = `http://127.0.0.1:${port}/`
  const { code } = await project.run(['worker', 'through-proxy', '--trace', '--input', `url=${url}`])
  t.equal(code, 1)
  const trace = tracesIn(project.root)
  t.match(trace, String.raw`a::before { content: \"***\"`)
  t.match(trace, 'unknown ***')
  t.match(trace, 'adopted ***')
  t.match(trace, String.raw`i::before { content: \"a \\3c b\"`, 'other text is escaped')
  t.notMatch(trace, /canary|of-the-style|nightin|gale/)
})

/** Returns the text of all traces of a project. */
function tracesIn(root: string): string {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.zip'))
    .flatMap(name => Object.entries(unzipSync(readFileSync(join(root, name)))))
    .filter(([name]) => name.endsWith('.trace'))
    .map(([, bytes]) => Buffer.from(bytes).toString('utf8'))
    .join('\n')
}
