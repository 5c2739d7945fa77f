// A worker that is busy until its gate is opened, and fails then.
import { once } from 'node:events'
import http from 'node:http'
import { defineWorkflow, z } from 'automate-tui'

export default defineWorkflow({
  name: 'fails-at-gate',
  input: z.object({ gate: z.url() }),
  result: z.object({}),
}).phase('wait', { timeout: '10m' }, async ({ input, step }) => {
  step('waiting')
  await once(http.get(input.gate), 'response')
  throw new Error('the gate was opened')
})
