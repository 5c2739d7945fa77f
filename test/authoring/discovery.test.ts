import t from 'tap'
import { discoveryPolicy } from '../../lib/authoring/discovery.ts'

t.test('refuses a too long key of once with a remedy, and a key of another type by its type', t => {
  const key = `http://shop.example/${'a'.repeat(200)}`
  t.throws(() => discoveryPolicy(key, {}), {
    code: 'workflow-invalid',
    message:
      'once(…): a key has 1 to 200 characters, got 220: "http://shop.example/aaaaaaaaaaaaaaaaaaaa…". Use a hash of the text as the key.',
  })
  const got = (what: string) => ({ message: `once(…): a key has 1 to 200 characters, got ${what}.` })
  t.throws(() => discoveryPolicy('', {}), got('""'))
  t.throws(() => discoveryPolicy(7, {}), got('number'))
  t.strictSame(discoveryPolicy(key.slice(0, 200), {}), { ttlMs: null, retries: 0, leaseMs: null })
  t.end()
})

t.test('refuses a wrong option of once, and names the key and the option', t => {
  const message = /^once\("shops", …\): "ttl": must be a duration such as "30s"\.$/
  t.throws(() => discoveryPolicy('shops', { ttl: 'soon' }), { code: 'workflow-invalid', message })
  t.end()
})
