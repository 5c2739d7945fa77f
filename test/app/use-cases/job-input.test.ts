import { join } from 'node:path'
import t from 'tap'
import { jobInput } from '../../../lib/app/use-cases/job-input.ts'
import { nestedText } from '../../helpers/builders/nested-json.ts'
import { FIXTURE } from '../../helpers/store/test-scheduler.ts'

t.test('a missing field gets the default of the schema, as in the form', t => {
  const workflow = {
    ...FIXTURE,
    inputSchema: {
      type: 'object',
      properties: { url: { type: 'string', default: 'https://shop.example' }, n: { type: 'integer' } },
      required: ['n'],
    },
  }
  t.same(jobInput(workflow, ['n=3'], undefined), { url: 'https://shop.example', n: 3 })
  t.same(jobInput(workflow, ['n=3', 'url=x'], undefined), { url: 'x', n: 3 })
  t.same(jobInput({ ...FIXTURE, inputSchema: {} }, ['n=3'], undefined), { n: 3 })
  t.end()
})

t.test('a JSON value is a text if its field accepts only text', t => {
  const either = { anyOf: [{ type: 'string' }, { type: 'number' }] }
  const workflow = {
    ...FIXTURE,
    inputSchema: {
      type: 'object',
      properties: {
        order: { type: 'string', minLength: 4 },
        n: { type: 'number' },
        either,
        list: { type: 'array', items: { type: 'string' } },
      },
    },
  }
  const input = (...pairs: readonly string[]) => jobInput(workflow, pairs, undefined)
  for (const order of ['4711', 'true', 'null', '[11]', '{"a":1}']) t.same(input(`order=${order}`), { order })
  t.same(input('order="4711"', 'n=4711'), { order: '4711', n: 4711 })
  t.same(input('either=4711'), { either: 4711 })
  t.same(input('either=12345678901234567890'), { either: '12345678901234567890' }, 'all digits are kept')
  t.same(input('n=1.50', 'list=["4711"]'), { n: 1.5, list: ['4711'] })
  t.throws(() => input('order=471'), {
    code: 'input-invalid',
    message: /"order": Too small.*4 characters.*Set it with --input/,
  })
  t.throws(() => input('n=x'), { code: 'input-invalid', message: '"n"' })
  t.end()
})

t.test('refuses a value that is nested too deep, with a remedy', t => {
  const workflow = { ...FIXTURE, inputSchema: {} }
  const message = /--input n is nested more than 200 levels deep\. Make it flatter/
  for (const levels of [201, 1_310, 20_000])
    t.throws(() => jobInput(workflow, [`n=${nestedText(levels)}`], undefined), {
      code: 'input-invalid',
      message,
    })
  const file = join(t.testdir({ 'input.json': `{"n":${nestedText(1_310)}}` }), 'input.json')
  t.throws(() => jobInput(workflow, [], file), {
    code: 'input-invalid',
    message: /^--input-file .*input\.json is nested more than 200 levels deep/,
  })
  t.end()
})
