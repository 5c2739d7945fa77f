import { defineWorkflow, z } from 'automate-tui'

// Phases run in order. Each phase has a limit that stops it, and reports its progress with step(): the console shows
// the step, and the report of a failure names it. The return value of the last phase is the result.
export default defineWorkflow({
  name: 'page-title',
  summary: 'Reads the title of a page.',
  input: z.object({
    // The console builds a form from these fields. The default is a page that needs no network.
    url: z.url().default('data:text/html,<title>It works</title>'),
  }),
  result: z.object({ title: z.string() }),
  // Number of retries after a failure.
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
