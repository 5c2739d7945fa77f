import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runWorkflow } from 'automate-tui/testing'

// "automate-tui test" runs the workflow in its own process, with a real browser.
test('page-title reads the title of a page', async () => {
  const result = await runWorkflow('page-title', { url: 'data:text/html,<title>Hello</title>' })
  assert.deepEqual(result, { title: 'Hello' })
})

test('page-title reports what failed, and where', async () => {
  await assert.rejects(runWorkflow('page-title', { url: 'http://127.0.0.1:1/' }), {
    code: 'navigate',
    message: /in 1\/2 open: page/,
  })
})
