import t from 'tap'
import type { ErrorRecord, Json } from '../../../lib/core/errors/errors.ts'
import { knownSecrets } from '../../../lib/core/secrets/known-secrets.ts'
import { redactOutcome, redactRecord } from '../../../lib/model/failure/redact-crash.ts'

const SECRET = 'canary-4711'
const DIGITS = 84512399

/** All names of a record and its recovery, and names that every object has. */
const NAMES = [
  ...['name', 'code', 'message', 'stack', 'facts', 'recovery', 'cause', 'retry', 'browser'],
  ...['constructor', 'toString', 'entered'],
]

knownSecrets.add([SECRET, String(DIGITS)])

const record = (facts: Readonly<Record<string, Json>>, cause?: ErrorRecord): ErrorRecord => ({
  name: `${SECRET}Error`,
  code: 'workflow',
  message: `The code ${SECRET} was refused.`,
  stack: `Error: ${SECRET}`,
  facts,
  recovery: { retry: 'never', browser: 'keep' },
  ...(cause === undefined ? {} : { cause }),
})

/** Returns an object with a secret under each name, nested to this depth. */
function nested(depth: number): Record<string, Json> {
  const own = NAMES.map(name => [name, depth % 2 === 0 ? SECRET : DIGITS] as const)
  if (depth === 0) return Object.fromEntries(own)
  const below = nested(depth - 1)
  return Object.fromEntries([
    ...own.map(([name, value]): [string, Json] => [`${name}_`, value]),
    ...NAMES.map((name): [string, Json] => [name, name === 'entered' ? [below, SECRET] : below]),
  ])
}

t.test('redacts a secret in any fact of an error, at any depth', t => {
  for (let depth = 0; depth < 3; depth++) {
    const error = record(nested(depth), record(nested(depth), record(nested(depth))))
    const redacted = redactRecord(error)
    t.notMatch(JSON.stringify(redacted), /canary-4711|84512399/, `depth ${depth}`)
    t.match(redacted, { code: 'workflow', recovery: error.recovery, cause: { cause: { code: 'workflow' } } })
    const failed = redactOutcome({ status: 'failed', error, phase: null })
    t.notMatch(JSON.stringify(failed), /canary-4711|84512399/, `outcome, depth ${depth}`)
  }
  t.end()
})

t.test('keeps the code and the recovery of an error, although a secret is part of them', t => {
  knownSecrets.add(['workflow', 'never', 'keep'])
  const redacted = redactRecord(record({ code: 'workflow' }, record({ retry: 'never' })))
  t.match(redacted, {
    ...{ code: 'workflow', recovery: { retry: 'never', browser: 'keep' }, facts: { code: '***' } },
    cause: { code: 'workflow', recovery: { retry: 'never', browser: 'keep' }, facts: { retry: '***' } },
  })
  t.end()
})
