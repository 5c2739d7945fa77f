import t from 'tap'
import { z } from 'zod'
import { formSchema } from '../../../lib/authoring/form-schema.ts'
import { seal } from '../../../lib/core/seal.ts'
import { knownSecrets } from '../../../lib/core/secrets/known-secrets.ts'
import { openAnswer } from '../../../lib/execution/takeover/person-answer.ts'
import { userKey } from '../../../lib/files/user-key.ts'

t.test('a short password that a person types for a workflow is a secret from then on', async t => {
  const fields = z.object({ shop: z.string(), pin: z.string().meta({ format: 'password' }) })
  const sealed = seal(JSON.stringify({ shop: 'wine', pin: '4-7X' }), userKey(), 'w1')
  const opened = openAnswer(fields, formSchema(fields, 'What is asked'), sealed, 'w1')
  t.strictSame(opened, { value: { shop: 'wine', pin: '4-7X' } })
  t.equal(knownSecrets.redact('4-7X for wine'), '*** for wine')
})
