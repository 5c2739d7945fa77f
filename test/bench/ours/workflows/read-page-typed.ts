import { defineWorkflow, z } from 'automate-tui'

const PAGE_LIMIT = '60s'

/** The same as `read-page`, in TypeScript, as most users write it. */
export default defineWorkflow({
  name: 'read-page-typed',
  input: z.object({ url: z.url() }),
  result: z.object({ title: z.string(), links: z.array(z.string()) }),
})
  .phase('open', { timeout: PAGE_LIMIT }, async ({ page, input }) => {
    await page.goto(input.url)
  })
  .phase('read', { timeout: PAGE_LIMIT }, async ({ page, offer }) => {
    const links = z.array(z.string()).parse(await page.evaluate('[...document.links].map(link => link.href)'))
    await offer({ title: await page.title(), links })
  })
