import { defineWorkflow, z } from 'automate-tui'

// The work in phases, which run in order. Each has a limit that really stops it, and says with step() what it is doing:
// the console shows that, and the report of a failure names it. What the last phase returns is the result.
export default defineWorkflow({
  name: 'page-title',
  summary: 'Reads the title of a page.',
  input: z.object({
    // The console builds a form from this. The default is a page that needs no network.
    url: z.url().default('data:text/html,<title>It works</title>'),
  }),
  result: z.object({ title: z.string() }),
  // After a failure it is tried again so often.
  retries: 2,
})
  .phase('open', { timeout: '20s' }, async ({ page, input, step }) => {
    step('page')
    await page.goto(input.url)
  })
  .phase('read', { timeout: '5s' }, async ({ page, step }) => {
    step('title')
    return { title: await page.title() }
  })
