import t from 'tap'
import { z } from 'zod'
import { formSchema } from '../../../lib/authoring/form-schema.ts'
import type { Json } from '../../../lib/core/errors/errors.ts'
import { knownSecrets } from '../../../lib/core/secrets/known-secrets.ts'
import { redactSchema, suggestedPasswords } from '../../../lib/model/secrets/redact-schema.ts'

const SECRET = 'canary-4711'
knownSecrets.add([SECRET])

const password = () => z.string().meta({ format: 'password' })
const Login = z.object({ user: z.string(), word: password() }).meta({ id: 'Login' })

const formOf = (shape: z.ZodRawShape) => formSchema(z.object(shape), 'The input')

t.test('removes a default, an example, a choice or a pattern with a known secret from a schema', t => {
  const schema = formOf({
    plain: z.string().default('wine').describe('Which shop'),
    suggested: z.string().default(SECRET),
    within: z.object({ deep: z.array(z.string()) }).default({ deep: [`x ${SECRET}`] }),
    example: z.string().meta({ examples: ['wine', SECRET] }),
    choice: z.enum(['wine', SECRET]),
    fixed: z.literal(SECRET),
    formed: z.string().regex(/canary-4711/),
    either: z.union([z.string().default(SECRET), z.int()]),
    listed: z.array(z.string().default(SECRET)),
    described: z.string().describe(`It was ${SECRET}`),
  })
  const redacted = redactSchema(schema)
  t.notMatch(JSON.stringify(redacted), 'canary')
  t.match(redacted['properties'], {
    plain: { type: 'string', default: 'wine', description: 'Which shop' },
    choice: { type: 'string' },
    described: { description: 'It was ***' },
  })
  t.strictSame(redacted['required'], schema['required'])
  const input = { example: 'a', choice: 'b', fixed: 'c', formed: 'd', either: 1, listed: [], described: '' }
  t.ok(z.fromJSONSchema(redacted).safeParse(input).success, 'removed values are not compared')
  t.end()
})

t.test('a schema shows no default of a password, known or not, and the worker knows it', t => {
  const schema = formOf({
    plain: z.string().default('unknown-0'),
    word: password().default('unknown-1'),
    example: password().meta({ examples: ['unknown-2', 'unknown-3'] }),
    login: Login.default({ user: 'ann', word: 'unknown-4' }),
    nested: z.object({ logins: z.array(Login).default([{ user: 'bob', word: 'unknown-5' }]) }),
    empty: password().default(''),
  })
  const redacted = JSON.stringify(redactSchema(schema))
  t.notMatch(redacted, /unknown-[1-9]/)
  t.match(redacted, 'unknown-0')
  t.match(redacted, '"default":""', 'an empty default reveals nothing')
  t.strictSame(
    suggestedPasswords(schema).sort(),
    [1, 2, 3, 4, 5].map(number => `unknown-${number}`),
  )
  t.end()
})

t.test('a schema without secrets is unchanged', t => {
  const schemas: readonly Readonly<Record<string, Json>>[] = [
    {},
    { type: 'object', properties: { constructor: true }, additionalProperties: false },
    formOf({ login: Login, other: z.union([Login, z.null()]), limit: z.int().min(1).default(3) }),
  ]
  for (const schema of schemas) {
    t.strictSame(redactSchema(schema), schema)
    t.strictSame(suggestedPasswords(schema), [])
  }
  t.end()
})
