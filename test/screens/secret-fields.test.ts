import t from 'tap'
import { z } from 'zod'
import { formSchema } from '../../lib/authoring/form-schema.ts'
import { HIDDEN, formFields, inputShown } from '../../screens/forms/form-field.ts'

const password = () => z.string().meta({ format: 'password' })

const schema = formSchema(
  z.object({
    user: z.string(),
    word: password().nullable(),
    shops: z.array(z.object({ name: z.string(), word: password() })),
  }),
  'The input schema',
)

t.test('hides passwords at any depth of an input', async t => {
  const input = { user: 'ann', word: 'one', shops: [{ name: 'wine', word: 'two' }] }
  t.strictSame(inputShown(schema, input), {
    user: 'ann',
    word: HIDDEN,
    shops: [{ name: 'wine', word: HIDDEN }],
  })
})

t.test('hides a typed password that can be null', async t => {
  t.strictSame(Object.fromEntries(formFields(schema).map(({ name, secret }) => [name, secret])), {
    user: false,
    word: true,
    shops: false,
  })
})
