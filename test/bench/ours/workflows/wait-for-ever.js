// Workers that are busy until they are stopped: each waits for a page that never comes. With a gate, the first one waits for the gate's answer
// instead, and then offers what meets the target.
import { once } from 'node:events'
import http from 'node:http'
import { defineWorkflow, z } from 'automate-tui'

const get = url => once(http.get(url), 'response')

export default defineWorkflow({
  name: 'wait-for-ever',
  input: z.object({ url: z.url(), gate: z.url().optional() }),
  result: z.object({ found: z.boolean() }),
  target: ({ found }) => found,
}).phase('wait', { timeout: '10m' }, async ({ page, input, worker, offer, step }) => {
  step('waiting')
  if (input.gate === undefined || worker.index > 0) await page.goto(input.url, { timeout: 0 })
  else {
    await get(input.gate)
    await offer({ found: true })
  }
})
