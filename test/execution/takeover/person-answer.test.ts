import t from 'tap'
import { z } from 'zod'
import { formSchema } from '../../../lib/authoring/form-schema.ts'
import { seal } from '../../../lib/core/seal.ts'
import { knownSecrets } from '../../../lib/core/secrets/known-secrets.ts'
import { openAnswer } from '../../../lib/execution/takeover/person-answer.ts'
import { redactRecord } from '../../../lib/model/failure/redact-crash.ts'
import { nestedText } from '../../helpers/builders/nested-json.ts'
import { errorRecord } from '../../helpers/builders/error-record.ts'
import { userKey } from '../../../lib/files/user-key.ts'

t.test('a short password typed for a workflow becomes a secret', async t => {
  const fields = z.object({ shop: z.string(), pin: z.string().meta({ format: 'password' }) })
  const sealed = seal(JSON.stringify({ shop: 'wine', pin: '4-7X' }), userKey(), 'w1')
  const opened = openAnswer(fields, formSchema(fields, 'What is asked'), sealed, 'w1')
  t.strictSame(opened, { value: { shop: 'wine', pin: '4-7X' } })
  t.equal(knownSecrets.redact('4-7X for wine'), '*** for wine')
})

t.test('a number of 6 or more digits typed for a workflow becomes a secret, whatever its field', async t => {
  const fields = z.object({
    code: z.number(),
    list: z.array(z.int()),
    coerced: z.coerce.number(),
    turned: z.string().transform(Number),
    short: z.number(),
    choice: z.boolean(),
  })
  const typed = {
    ...{ code: 73519462, list: [884422], coerced: '0091827364', turned: '0055664488' },
    ...{ short: 12345, choice: true },
  }
  const sealed = seal(JSON.stringify(typed), userKey(), 'w1')
  const opened = openAnswer(fields, {}, sealed, 'w1')
  t.match(opened, { value: { code: 73519462, coerced: 91827364, turned: 55664488 } })
  for (const number of ['73519462', '884422', '91827364', '0091827364', '55664488', '0055664488'])
    t.equal(knownSecrets.redact(`The code ${number} is wrong`), 'The code *** is wrong', number)
  t.equal(knownSecrets.redact('12345 true'), '12345 true')
  const error = errorRecord('73519462 was refused')
  const facts = { code: 73519462, tries: [3, { code: 884422 }] }
  t.match(redactRecord({ ...error, facts, cause: { ...error, facts } }), {
    ...{ message: '*** was refused', facts: { code: '***', tries: [3, { code: '***' }] } },
    cause: { facts: { code: '***' } },
  })
})

t.test('refuses an answer nested too deep, and accepts one that its schema makes circular', async t => {
  const open = (fields: z.ZodObject, json: string) =>
    openAnswer(fields, {}, seal(json, userKey(), 'w1'), 'w1')
  t.strictSame(open(z.object({ a: z.any() }), `{"a":${nestedText(1_800)}}`), {
    problem: 'it cannot be read',
  })
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  t.ok('value' in open(z.object({ a: z.string().transform(() => circle) }), '{"a":"b"}'))
})
