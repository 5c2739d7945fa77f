import t from 'tap'
import { systemClock } from '../../lib/core/time/clock.ts'
import { sharedCounter } from '../../lib/execution/phases/phase-tools.ts'
import { localShared } from '../../lib/execution/shared/local-shared.ts'
import { sharedMap } from '../../lib/execution/shared/shared-map.ts'
import { StepTrail } from '../../lib/execution/phases/step-trail.ts'
import { defineWorkflow, z } from '../../lib/index.ts'
import { describeWorkflow } from '../../lib/authoring/describe.ts'
import type { PhaseRunner, PhaseTools } from '../../lib/authoring/workflow-runtime.ts'
import type { Json } from '../../lib/core/errors/errors.ts'
import { MAX_JSON_BYTES, MAX_JSON_VALUES } from '../../lib/model/json.ts'
import { nested } from '../helpers/builders/nested-json.ts'
import { WorkflowDescription } from '../../lib/model/job/workflow.ts'

const small = () => defineWorkflow({ name: 'small', input: z.object({ url: z.url() }), result: z.int() })

t.test('describes a workflow by its data and the JSON Schema of its input', async t => {
  const workflow = defineWorkflow({
    name: 'cheapest-bottle',
    summary: 'Finds the cheapest bottle.',
    input: z.object({ shops: z.url(), cents: z.int().positive().default(5) }),
    result: z.object({ cents: z.int() }),
    workers: 4,
    retries: 2,
    quorum: 2,
    deadline: '1.5m',
    better: (a, b) => a.cents < b.cents,
    target: (offer, { cents }) => offer.cents <= cents,
  })
    .phase('discover', { timeout: '20s' }, () => ['a'])
    .phase('open_shop', { timeout: 1500 }, () => undefined)
  const description = describeWorkflow(workflow, '/shop/cheapest.ts')
  t.same(
    WorkflowDescription.parse(JSON.parse(JSON.stringify(description))),
    description,
    'the description survives JSON',
  )
  t.match(description, {
    name: 'cheapest-bottle',
    summary: 'Finds the cheapest bottle.',
    file: '/shop/cheapest.ts',
    phases: [
      { name: 'discover', timeoutMs: 20_000 },
      { name: 'open_shop', timeoutMs: 1_500 },
    ],
    workers: 4,
    retries: 2,
    isolation: 'process',
    continuous: false,
    hasTarget: true,
    swarm: { quorum: 2, deadlineMs: 90_000 },
    inputSchema: {
      type: 'object',
      required: ['shops'],
      properties: { shops: { type: 'string', format: 'uri' }, cents: { type: 'integer', default: 5 } },
    },
  })
})

t.test('a session makes the login the first phase', async t => {
  const done: string[] = []
  const workflow = defineWorkflow({
    name: 'orders',
    input: z.object({ user: z.string() }),
    result: z.string(),
    session: {
      account: ({ user }) => user,
      login: ({ input }) => done.push(`login ${input.user}`),
      timeout: '90s',
    },
  }).phase('list', { timeout: '1s' }, () => 'none')
  t.same(describeWorkflow(workflow, 'orders.ts').phases, [
    { name: 'login', timeoutMs: 90_000 },
    { name: 'list', timeoutMs: 1_000 },
  ])
  const { offered, runner } = fakeRunner(2)
  await workflow.prepare({ user: 'anna' }).execute(runner)
  t.same([done, offered], [['login anna'], ['none']])
  await t.rejects(workflow.prepare({ user: '' }).execute(runner), {
    code: 'workflow-invalid',
    message: /session\.account must return the account's name/,
  })
})

t.test('a builder is immutable: two workflows may extend one', async t => {
  const base = small().phase('open', { timeout: '1s' }, () => 1)
  const one = base.phase('one', { timeout: '1s' }, () => 1)
  const two = base.phase('two', { timeout: '1s' }, () => 2)
  const names = (workflow: typeof base) => workflow.phases.map(phase => phase.name)
  t.same([names(base), names(one), names(two)], [['open'], ['open', 'one'], ['open', 'two']])
})

t.test("reports an author's mistakes with their place and remedy", async t => {
  const input = z.object({})
  const result = z.null()
  const invalid = (message: RegExp, make: () => unknown) =>
    t.throws(make, { code: 'workflow-invalid', message }, String(message))
  const open = small().phase('open', { timeout: '1s' }, () => undefined)
  const session = { account: () => 'anna', login: () => undefined }
  invalid(/"page" cannot be combined with "session".*Use "context"/, () =>
    defineWorkflow({ name: 'wiped', input, result, isolation: 'page', session }),
  )
  invalid(/session\.timeout/, () =>
    defineWorkflow({ name: 'endless', input, result, session: { ...session, timeout: 0 } }),
  )
  invalid(/another phase already has this name/, () =>
    defineWorkflow({ name: 'twice', input, result, session }).phase('login', { timeout: 1 }, () => 1),
  )

  invalid(/"name".*lower-case letters/, () => defineWorkflow({ name: 'Big Name', input, result }))
  invalid(/"workers": must be 1 to 64/, () => defineWorkflow({ name: 'many', input, result, workers: 65 }))
  invalid(/"workers": must be a whole number/, () =>
    defineWorkflow({ name: 'half', input, result, workers: 1.5 }),
  )
  invalid(/"quorum": must be 1 to 64/, () => defineWorkflow({ name: 'none', input, result, quorum: 0 }))
  invalid(/"deadline": must be a duration/, () =>
    defineWorkflow({ name: 'never', input, result, deadline: 0 }),
  )
  invalid(/"retries"/, () => defineWorkflow({ name: 'again', input, result, retries: -1 }))
  invalid(/phase "two words".*letters, digits/, () =>
    small().phase('two words', { timeout: '1s' }, () => undefined),
  )
  invalid(/phase "open".*already/, () => open.phase('open', { timeout: '1s' }, () => undefined))
  invalid(/phase "slow".*"0s" is not a duration/, () =>
    small().phase('slow', { timeout: '0s' }, () => undefined),
  )
  invalid(/phase "often".*"retries"/, () =>
    small().phase('often', { timeout: '1s', retries: 21 }, () => undefined),
  )
  invalid(/"small" has no phases/, () => describeWorkflow(small(), 'small.ts'))
  invalid(/cannot be shown as a form/, () =>
    describeWorkflow(
      defineWorkflow({ name: 'dated', input: z.date(), result }).phase('a', { timeout: 1 }, () => undefined),
      'dated.ts',
    ),
  )
})

t.test('reports also what plain JavaScript omits', async t => {
  t.throws(() => plainCall(defineWorkflow, undefined, { name: 'plain', result: z.null() }), {
    code: 'workflow-invalid',
    message: /"input": must be a zod schema/,
  })
  const workflow = small()
  const phase = (...args: unknown[]) => plainCall(Reflect.get(workflow, 'phase'), workflow, ...args)
  t.throws(() => phase('open', {}, () => undefined), { message: /the phase has no limit/ })
  t.throws(() => phase('open', { timeout: '1s' }), { message: /must be the function/ })
})

t.test('phases run in order, each with the previous result, and the last one returns the result', async t => {
  const seen: unknown[] = []
  const workflow = small()
    .phase('one', { timeout: '1s' }, ({ previous, input }) => {
      seen.push(previous, input.url)
      return 20
    })
    .phase('two', { timeout: '1s' }, async ({ previous, offer }) => {
      await offer(previous + 1)
      return previous + 2
    })
  const { offered, runner } = fakeRunner(workflow.phases.length)
  await workflow.prepare({ url: 'http://shop.test/' }).execute(runner)
  t.same(seen, [undefined, 'http://shop.test/'])
  t.same(offered, [21, 22])
})

t.test('refuses a result that does not match, or that JSON cannot keep', async t => {
  const last = small().phase('open', { timeout: '1s' }, () => 'a page')
  await t.rejects(last.prepare({ url: 'http://a.test' }).execute(fakeRunner(1).runner), {
    code: 'result-invalid',
    message: /the return value of the last phase/,
  })
  const dated = defineWorkflow({ name: 'dated', input: z.null(), result: z.date() })
  await t.rejects(
    dated
      .phase('open', { timeout: 1 }, () => new Date())
      .prepare(null)
      .execute(fakeRunner(1).runner),
    { code: 'result-invalid', message: /cannot be stored as JSON/ },
  )
  const deep = defineWorkflow({ name: 'deep', input: z.null(), result: z.any() })
  const json = defineWorkflow({ name: 'deep', input: z.null(), result: z.json() })
  for (const one of [deep, json])
    for (const levels of [201, 1_310, 20_000])
      await t.rejects(
        one
          .phase('open', { timeout: '1s' }, () => nested(levels))
          .prepare(null)
          .execute(fakeRunner(1).runner),
        {
          code: 'result-invalid',
          message:
            'The result of workflow "deep" is nested more than 200 levels deep. Make it flatter, or store it in a file and pass its path.',
        },
        String(levels),
      )
  await t.rejects(
    deep
      .phase('open', { timeout: '1s' }, () => Array.from({ length: MAX_JSON_VALUES }, () => ''))
      .prepare(null)
      .execute(fakeRunner(1).runner),
    { code: 'result-invalid', message: /^The result of workflow "deep" contains more than 500,000 values\./ },
  )
  for (const result of [
    'x'.repeat(MAX_JSON_BYTES),
    Array.from({ length: 20 }, () => 'y'.repeat(30 * 1024 ** 2)),
  ])
    await t.rejects(
      deep
        .phase('open', { timeout: '1s' }, () => result)
        .prepare(null)
        .execute(fakeRunner(1).runner),
      {
        code: 'result-invalid',
        message:
          'The result of workflow "deep" is larger than 31 MB as JSON. Make it smaller, or store it in a file and pass its path.',
      },
    )
  t.throws(() => last.prepare({ url: 'not one' }), { code: 'input-invalid', message: /"url"/ })
})

t.test('without "better" the first result is kept, and without "target" none is sufficient', async t => {
  const { judge } = small()
    .phase('open', { timeout: 1 }, () => 1)
    .prepare({ url: 'http://a.test' })
  t.equal(judge.better(1, 2), false)
  t.equal(judge.meetsTarget(1), false)
})

t.test('refuses a promise from "better" or "target"', async t => {
  const promised = () => z.custom<boolean>(() => true).parse(Promise.resolve(true))
  const { judge } = defineWorkflow({
    ...{ name: 'later', input: z.null(), result: z.int() },
    ...{ better: promised, target: promised },
  })
    .phase('open', { timeout: 1 }, () => 1)
    .prepare(null)
  t.throws(() => judge.better(1, 2), { code: 'workflow-invalid', message: '"better" returned a promise' })
  t.throws(() => judge.meetsTarget(1), { code: 'workflow-invalid', message: '"target" returned a promise' })
})

/** Runs phases without a browser, for tests of the work between phases. */
function fakeRunner(count: number): { offered: Json[]; runner: PhaseRunner } {
  const offered: Json[] = []
  const shared = localShared()
  const tools = (last: boolean): PhaseTools => {
    const absent: unknown = {}
    const noPage = (value: unknown): value is PhaseTools['page'] & PhaseTools['browserContext'] =>
      value === absent
    if (!noPage(absent)) throw new Error('unreachable')
    return {
      page: absent,
      browserContext: absent,
      signal: new AbortController().signal,
      step: new StepTrail(systemClock, () => undefined).step,
      log: () => undefined,
      once: async (_, fn) => fn(),
      discover: async (_, fn) => ({ value: await fn(), ageMs: 0, validForMs: null }),
      counter: name => sharedCounter(shared, name, 1),
      sharedMap: (name, schema) => sharedMap(shared, name, schema),
      human: () => Promise.reject(new Error('nobody is there')),
      share: list => [...list],
      worker: { index: 0, count: 1 },
      attempt: 1,
      job: { id: 1 },
      offer: async result => {
        offered.push(result)
        return { accepted: true, targetMet: false }
      },
      last,
      logIn: async ({ login }) => login(),
    }
  }
  return { offered, runner: { run: async (_, index, body) => body(tools(index === count)) } }
}

/** Calls a function as plain JavaScript does. */
function plainCall(fn: unknown, self: unknown, ...args: unknown[]): unknown {
  if (typeof fn !== 'function') throw new TypeError('not a function')
  return Reflect.apply(fn, self, args)
}
