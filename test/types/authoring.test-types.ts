import {
  ElementError,
  SessionExpiredError,
  WorkflowError,
  defineConfig,
  defineWorkflow,
  z,
} from '../../lib/index.ts'
import type { Human } from '../../lib/index.ts'

/** Code of authors that must or must not compile. Only the compiler checks it. */

const options = {
  name: 'typed',
  input: z.object({ shops: z.url(), limit: z.int().default(3) }),
  result: z.object({ cents: z.int(), shop: z.string().default('any') }),
}

export const good = defineWorkflow({
  ...options,
  workers: 2,
  better: (a, b) => a.cents < b.cents,
  target: (a, { limit }) => a.cents < limit,
})
  .phase('list', { timeout: '1.5m' }, ({ input, previous, once }) => {
    const none: undefined = previous
    const limit: number = input.limit
    return once('shops', () => Promise.resolve([String(limit), String(none)]))
  })
  .phase('pick', { timeout: 500 }, ({ previous, share }) =>
    share(previous).map(shop => ({ shop, visited: true })),
  )
  .phase(
    'buy',
    { timeout: '2s' },
    async ({ previous, offer, worker, attempt, job, signal, page, browserContext }) => {
      const shops: { shop: string; visited: boolean }[] = previous
      await offer({ cents: shops.length + worker.index + worker.count + attempt + job.id })
      await page.goto(browserContext.pages.name, { signal })
    },
  )

export const told = defineWorkflow(options).phase('ask', { timeout: '2s' }, async ({ human }) => {
  const reply: 'done' | 'skipped' = await human('Solve the captcha', { until: '#welcome' })
  const { code } = await human('The code', { fields: z.object({ code: z.coerce.number() }), timeout: '5m' })
  const number: number = code
  return { reply, number }
})

declare const human: Human
const asked = { fields: z.object({ code: z.string() }) }

// @ts-expect-error what a person tells has the names of its schema
export const pin: Promise<{ pin: string }> = human('The code', asked)

// @ts-expect-error a page that ends the wait tells nothing
export const both = human('Code', { fields: z.object({}), until: '#done' })

// @ts-expect-error a result is part of every workflow
defineWorkflow({ name: 'typed', input: z.null() })

// @ts-expect-error isolation has names
defineWorkflow({ ...options, isolation: 'none' })

// @ts-expect-error better compares results
defineWorkflow({ ...options, better: (a, b) => a.euros < b.euros })

// @ts-expect-error the target sees the input
defineWorkflow({ ...options, target: (result, input) => result.cents < input.euros })

// @ts-expect-error a phase has a limit
defineWorkflow(options).phase('open', {}, () => undefined)

// @ts-expect-error a duration has a unit
defineWorkflow(options).phase('open', { timeout: '20' }, () => undefined)

// @ts-expect-error the input has no such field
defineWorkflow(options).phase('open', { timeout: '2s' }, ({ input }) => String(input.shop))

// @ts-expect-error an offer is a result
defineWorkflow(options).phase('open', { timeout: '2s' }, ({ offer }) => offer({ cents: '3' }))

// @ts-expect-error what is discovered goes through JSON
defineWorkflow(options).phase('open', { timeout: '2s' }, ({ once }) => once('when', () => new Date()))

defineWorkflow(options)
  .phase('one', { timeout: '2s' }, () => Promise.resolve(1))
  // @ts-expect-error the phase before gave a number
  .phase('two', { timeout: '2s' }, ({ previous }) => String(previous.length))

class SoldOut extends WorkflowError {
  static override readonly retry = 'never'
}

defineWorkflow({
  ...options,
  retries: 3,
  recovery: { navigate: { retry: 'now' }, element: { browser: 'keep' } },
}).phase('buy', { timeout: '2s' }, ({ previous }) => {
  const thrown: unknown = previous
  if (SoldOut.is(thrown)) throw new SessionExpiredError(thrown.message, { cause: thrown })
  if (ElementError.is(thrown))
    throw new SoldOut('gone', { recovery: { browser: 'keep' }, facts: { left: 0 } })
})

defineWorkflow({
  ...options,
  recovery: ({ code, name, message, facts }) =>
    code === 'proxy' && name !== message
      ? { retry: 'other-proxy' }
      : facts['final']
        ? { retry: 'never' }
        : undefined,
})

// @ts-expect-error a recovery has names
defineWorkflow({ ...options, recovery: { navigate: { retry: 'soon' } } })

// @ts-expect-error codes are a closed set
defineWorkflow({ ...options, recovery: { nowhere: { retry: 'now' } } })

// @ts-expect-error a failure says what happened
export const silent = new SoldOut()

// @ts-expect-error a recovery has names
export class Wrong extends WorkflowError {
  static override readonly retry = 'soon'
}

defineWorkflow(options).phase(
  'add',
  { timeout: '2s', retries: 2, retryOn: ['element', 'navigate'] },
  async ({ step }) => {
    step('cart')
    const bottles: number = await step('add to cart', async () => Promise.resolve(2))
    const paid: boolean = await step('pay', () => bottles > 1)
    return paid
  },
)

// @ts-expect-error retryOn lists codes
defineWorkflow(options).phase('add', { timeout: '2s', retries: 2, retryOn: ['nowhere'] }, () => undefined)

defineConfig({})

defineConfig({
  workers: 4,
  headless: false,
  browser: '/usr/bin/chromium',
  browserArgs: ['--lang=it'],
  keepLogs: '7d',
  loadTimeout: 5_000,
  cdp: 'port',
  trace: 'always',
  language: 'it',
  secrets: ['SHOP_TOKEN'],
  domainWorkers: ['shop.example=2'],
  proxies: () => Promise.resolve(['http://proxy.example:8080']),
  credentials: [{ origin: 'https://shop.example', username: 'me', passwordEnv: 'SHOP_PASSWORD' }],
  notify: { telegram: { tokenEnv: 'TELEGRAM_TOKEN', chat: -100 }, quietHours: '22:00-07:00' },
  schedules: [{ name: 'nightly', workflow: 'typed', cron: '30 2 * * *', timeZone: 'Europe/Rome' }],
  services: { notifier: 'stopped' },
})

// @ts-expect-error a number is no word, and no digits either: those are for the environment
defineConfig({ workers: 'four' })

// @ts-expect-error a list with commas is for the environment
defineConfig({ browserArgs: '--lang=it,--mute-audio' })

// @ts-expect-error true and false are no texts
defineConfig({ headless: 'false' })

// @ts-expect-error a duration has a unit
defineConfig({ keepLogs: '30 days' })

// @ts-expect-error a transport has names
defineConfig({ cdp: 'wire' })

// @ts-expect-error JSON is for the environment
defineConfig({ notify: '{}' })

// @ts-expect-error there is no such setting
defineConfig({ worker: 4 })
