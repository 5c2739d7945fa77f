import { defineWorkflow, z } from '../../index.ts'
import type { Page } from '../../index.ts'

const Confirmation = z.object({
  number: z.string(),
  bottles: z.array(z.string()),
  totalCents: z.int().positive(),
})

/** Signs in and orders bottles through a form of several steps. */
export default defineWorkflow({
  name: 'place-order',
  summary: 'Signs in to a shop and places an order through its form, step by step.',
  input: z.object({
    /** Address of the street's index page. */
    site: z.url(),
    /** Slug of the shop: its part of the address. */
    shop: z.string().default('corner-bottle'),
    /** Number of different bottles to order. */
    bottles: z.int().min(1).max(5).default(2),
    username: z.string().default('operator'),
    password: z.string().default('red-or-white'),
  }),
  result: Confirmation,
  retries: 2,
})
  .phase('sign_in', { timeout: '20s' }, async ({ page, input, step }) => {
    step('page Sign in')
    await page.goto(new URL('/account/login', input.site).href)
    await page.type('[name=username]', input.username)
    await page.type('[name=password]', input.password)
    step('button Sign in')
    await submit(page, 'form button')
    if ((await page.$('[role=alert]')) !== null)
      throw new Error('The shop refused the user name or the password.')
  })
  .phase('address', { timeout: '20s' }, async ({ page, input, step }) => {
    await page.goto(new URL(`/order/new?shop=${input.shop}`, input.site).href)
    const fields = { name: 'Ada Bianchi', street: 'Via Roma 1', postcode: '10121', city: 'Torino' }
    for (const [field, value] of Object.entries(fields)) {
      step(`field ${field}`)
      await page.type(`[name=${field}]`, value)
    }
    step('button Continue to shipping')
    await submit(page, 'form button')
  })
  .phase('shipping', { timeout: '20s' }, async ({ page, step }) => {
    step('choice standard')
    await page.click('[value=standard]')
    await submit(page, 'form button')
  })
  .phase('add_step', { timeout: '30s' }, async ({ page, input, step }) => {
    const shelf = await page.$$eval('tr[data-item] form', forms =>
      forms.map(form => form.closest('tr')?.getAttribute('data-item') ?? ''),
    )
    const chosen = shelf.slice(0, input.bottles)
    for (const bottle of chosen) {
      step(`button Add to cart (${bottle})`)
      await submit(page, `.shelf tr[data-item="${bottle}"] button`)
    }
    await submit(page, 'form[action="/order/items/done"] button')
    return chosen
  })
  .phase('review', { timeout: '20s' }, async ({ page, step, job, previous: bottles }) => {
    step('reference')
    await page.type('[name=reference]', `job ${job.id}`)
    await page.click('[name=adult]')
    step('button Place the order')
    await submit(page, 'form button')
    return bottles
  })
  .phase('confirm', { timeout: '20s' }, async ({ page, previous: bottles }) => ({
    number: await page.$eval('.order-number', element => element.textContent),
    bottles,
    totalCents: await page.$eval('data.total', element => Number(element.getAttribute('value'))),
  }))

async function submit(page: Page, button: string): Promise<void> {
  await Promise.all([page.waitForNavigation(), page.click(button)])
}
