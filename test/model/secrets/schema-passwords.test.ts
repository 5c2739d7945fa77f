import t from 'tap'
import { z } from 'zod'
import type { Json } from '../../../lib/core/errors/errors.ts'
import { formSchema } from '../../../lib/authoring/form-schema.ts'
import {
  describesPassword,
  isPasswordSchema,
  passwordsIn,
  replacePasswords,
  secretsOfJob,
} from '../../../lib/model/secrets/schema-passwords.ts'

const password = () => z.string().meta({ format: 'password' })

interface Tree {
  readonly word: string
  readonly next?: Tree | undefined
}
const Tree: z.ZodType<Tree> = z.lazy(() => z.object({ word: password(), next: Tree.optional() }))

const Shared = password().meta({ id: 'SharedWord', format: 'password' })

const cases: Readonly<Record<string, { schema: z.ZodType; input: Json; passwords: readonly string[] }>> = {
  'a field': {
    schema: z.object({ a: password(), b: z.string() }),
    input: { a: '1', b: '2' },
    passwords: ['1'],
  },
  'the input itself': { schema: password(), input: '1', passwords: ['1'] },
  'a nested object': {
    schema: z.object({ a: z.object({ b: z.object({ c: password() }), d: z.string() }) }),
    input: { a: { b: { c: '1' }, d: '2' } },
    passwords: ['1'],
  },
  'a list of objects': {
    schema: z.object({ a: z.array(z.object({ b: password(), c: z.string() })) }),
    input: {
      a: [
        { b: '1', c: 'x' },
        { b: '2', c: 'y' },
      ],
    },
    passwords: ['1', '2'],
  },
  'a tuple': { schema: z.tuple([z.string(), password()]), input: ['1', '2'], passwords: ['2'] },
  'a tuple with a rest': {
    schema: z.tuple([z.string()], password()),
    input: ['1', '2', '3'],
    passwords: ['2', '3'],
  },
  'an optional text or null': {
    schema: z.object({ a: password().nullable(), b: password().optional(), c: z.string().nullable() }),
    input: { a: '1', b: '2', c: '3' },
    passwords: ['1', '2'],
  },
  'a union': {
    schema: z.union([z.object({ a: password() }), z.number()]),
    input: { a: '1' },
    passwords: ['1'],
  },
  'the fitting part of a discriminated union': {
    schema: z.discriminatedUnion('by', [
      z.object({ by: z.literal('password'), value: password() }),
      z.object({ by: z.literal('link'), value: z.string() }),
    ]),
    input: { by: 'password', value: '1' },
    passwords: ['1'],
  },
  'no other part of a discriminated union': {
    schema: z.discriminatedUnion('by', [
      z.object({ by: z.literal('password'), value: password() }),
      z.object({ by: z.literal('link'), value: z.string() }),
    ]),
    input: { by: 'link', value: '1' },
    passwords: [],
  },
  'an intersection': {
    schema: z.intersection(z.object({ a: password() }), z.object({ b: z.string() })),
    input: { a: '1', b: '2' },
    passwords: ['1'],
  },
  'a record': {
    schema: z.record(z.string(), password()),
    input: { a: '1', __proto__x: '2' },
    passwords: ['1', '2'],
  },
  'other fields': {
    schema: z.object({ a: z.string() }).catchall(password()),
    input: { a: '1', b: '2' },
    passwords: ['2'],
  },
  'a schema that refers to itself': {
    schema: Tree,
    input: { word: '1', next: { word: '2' } },
    passwords: ['1', '2'],
  },
  'a shared schema': {
    schema: z.object({ a: Shared, b: z.array(Shared) }),
    input: { a: '1', b: ['2'] },
    passwords: ['1', '2'],
  },
  'an object as a whole': {
    schema: z.object({ a: z.object({ b: z.string(), c: z.number() }).meta({ writeOnly: true }) }),
    input: { a: { b: '1', c: 2 } },
    passwords: ['1', '2'],
  },
}

for (const [name, { schema, input, passwords }] of Object.entries(cases))
  t.test(`finds passwords in ${name}`, async t => {
    const form = formSchema(schema, 'The schema')
    t.strictSame(passwordsIn(form, input).sort(), passwords)
    const shown = JSON.stringify(replacePasswords(form, input, () => 'hidden'))
    t.strictSame(
      passwords.filter(one => shown.includes(`"${one}"`)),
      [],
    )
  })

t.test('finds passwords in schema keywords that only other tools write', async t => {
  const word = { format: 'password' }
  t.strictSame(passwordsIn({ patternProperties: { '^x-': word } }, { 'x-a': '1' }), ['1'])
  t.strictSame(passwordsIn({ items: [{}, word] }, ['1', '2']), ['2'])
  t.strictSame(passwordsIn({ if: {}, then: { properties: { a: word } } }, { a: '1' }), ['1'])
  t.strictSame(passwordsIn({ $ref: '#/$defs/a~1b', $defs: { 'a/b': word } }, '1'), ['1'])
  t.strictSame(passwordsIn({ $ref: '#/nowhere' }, '1'), [])
  t.strictSame(passwordsIn({ $ref: '#' }, '1'), [], 'a circular reference ends')
})

t.test('the time for a schema with many alternatives grows only with the value', async t => {
  const branch = { properties: { next: { $ref: '#' }, word: { format: 'password' } } }
  const schema = { anyOf: Array.from({ length: 8 }, () => ({ ...branch })) }
  let input: Json = { word: '1' }
  for (let depth = 0; depth < 60; depth++) input = { next: input }
  t.strictSame(passwordsIn(schema, input), ['1'])
})

t.test('detects a schema that is a password, and one that contains a password', async t => {
  const form = formSchema(z.object({ a: password().nullable(), b: z.array(password()) }), 'The schema')
  const fields = z.record(z.string(), z.json()).parse(form['properties'])
  t.ok(isPasswordSchema(form, fields['a'] ?? null))
  t.notOk(isPasswordSchema(form, fields['b'] ?? null))
  t.ok(describesPassword(form))
  t.notOk(describesPassword(formSchema(z.object({ format: z.string() }), 'The schema')))
})

t.test('the secrets of a job are its passwords and the values under secret names', async t => {
  const form = formSchema(z.object({ a: z.object({ b: password() }) }), 'The schema')
  const input = { a: { b: 'password-1' }, apiToken: 'under-its-name' }
  t.strictSame(secretsOfJob(form, input).sort(), ['password-1', 'under-its-name'])
})
