// The bench's job as a workflow of each isolation: plain JavaScript, as the baselines are.
import { defineWorkflow, z } from 'automate-tui'

const PAGE_LIMIT = '60s'

export const readPageIn = (isolation, name) =>
  defineWorkflow({
    name,
    isolation,
    input: z.object({ url: z.url() }),
    result: z.object({ title: z.string(), links: z.array(z.string()) }),
  })
    .phase('open', { timeout: PAGE_LIMIT }, async ({ page, input }) => {
      await page.goto(input.url)
    })
    .phase('read', { timeout: PAGE_LIMIT }, async ({ page, offer }) => {
      const links = await page.evaluate('[...document.links].map(link => link.href)')
      await offer({ title: await page.title(), links })
    })
