import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { gatedSite } from '../../helpers/processes/worker-run.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'

/**
 * Workflow that sends functions to its page in every way of puppeteer, with named functions in
 * them.
 */
const WORKFLOW = `
import { defineWorkflow, z } from 'automate-tui'

export default defineWorkflow({ name: 'inner', input: z.object({ url: z.url() }), result: z.json() })
  .phase('page', { timeout: '60s' }, async ({ page, input }) => {
    await page.evaluateOnNewDocument((text: string) => {
      const prepare = (part: string) => 'prepared ' + part
      document.addEventListener('DOMContentLoaded', () => (document.title = prepare(text)))
    }, 'early')
    await page.goto(input.url)
    const evaluated = await page.evaluate((by: number) => {
      const double = (n: number) => n * by
      function triple(n: number) { return n + double(n) }
      class Sum { static of = (...all: number[]) => all.reduce((sum, n) => sum + n, 0) }
      return Sum.of(...[1, 2].map(n => triple(n)))
    }, 2)
    const selected = await page.$$eval('h1', all => {
      const length = (element: Element) => element.textContent.length
      return all.map(one => length(one))
    })
    const waited = await page.waitForFunction(() => {
      const isReady = async () => document.readyState === 'complete'
      return isReady()
    })
    return [await page.title(), evaluated, selected, await waited.jsonValue(), await page.evaluate('typeof __name')]
  })
`

t.test('functions sent from a TypeScript workflow to its page may have inner functions', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workers: 1 })
  writeFileSync(join(project.paths.workflows, 'inner.ts'), WORKFLOW)
  const { code, stdout, stderr } = await project.run(['run', 'inner', '--input', `url=${site.url}`])
  t.equal(code, 0, stderr)
  t.same(JSON.parse(stdout), ['prepared early', 9, [4], true, 'undefined'])
})
