import { defineWorkflow, z } from '../../index.ts'
import type { Page } from '../../index.ts'
import { enterShop } from './street/enter-shop.ts'

const Offer = z.object({ shop: z.string(), bottle: z.string(), cents: z.int().positive() })

/**
 * Searches the shops of a street for the cheapest bottle, and stops all workers once a bottle is
 * cheap enough.
 */
export default defineWorkflow({
  name: 'cheapest-offer',
  summary: 'Finds the cheapest bottle on a street of shops: its workers share the list of shops, and race.',
  input: z.object({
    /** Address of the street's index page. */
    site: z.url(),
    /** Price in cents at or below which the search ends at once. */
    targetCents: z.int().positive(),
  }),
  result: Offer,
  workers: 3,
  retries: 2,
  better: (a, b) => a.cents < b.cents,
  target: (offer, { targetCents }) => offer.cents <= targetCents,
})
  .phase('discover_shops', { timeout: '30s' }, ({ once, page, input, step }) =>
    once('shops', async () => {
      step('the street')
      await page.goto(input.site)
      return page.$$eval('a.shop', links => links.map(({ href }) => href))
    }),
  )
  .phase('hunt_prices', { timeout: '2m' }, async ({ page, previous: shops, share, step, offer }) => {
    for (const shop of share(shops)) {
      for (let address: string | null = shop; address !== null;) {
        step(address.slice(address.lastIndexOf('/') + 1))
        await enterShop(page, address)
        const bottles = await page.$$eval('a.item', items =>
          items.map(item => ({
            bottle: item.querySelector('b')?.textContent ?? '',
            cents: Number(item.querySelector('data.price')?.getAttribute('value')),
          })),
        )
        const cheapest = bottles.sort((a, b) => a.cents - b.cents)[0]
        if (cheapest !== undefined) await offer({ shop: await shopName(page), ...cheapest })
        address = await page.$$eval('a.next', links => links[0]?.href ?? null)
      }
    }
  })

function shopName(page: Page): Promise<string> {
  return page.$eval('h1', heading => heading.textContent)
}
