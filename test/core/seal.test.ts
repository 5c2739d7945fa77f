import { randomBytes } from 'node:crypto'
import t from 'tap'
import { seal, unseal } from '../../lib/core/seal.ts'

const KEY = randomBytes(32)

t.test('only the same key and label open a sealed text', async t => {
  const sealed = seal('cookie=s3cret ☕', KEY, 'shop/anna')
  t.notMatch(Buffer.from(sealed, 'base64').toString('latin1'), 's3cret')
  t.not(seal('cookie=s3cret ☕', KEY, 'shop/anna'), sealed, 'sealing a text twice gives different results')
  t.equal(unseal(sealed, KEY, 'shop/anna'), 'cookie=s3cret ☕')
  const refused = { code: 'document-invalid', message: /shop\/.* cannot be opened with this user's key/ }
  t.throws(() => unseal(sealed, randomBytes(32), 'shop/anna'), refused)
  t.throws(() => unseal(sealed, KEY, 'shop/bruno'), refused)
  const bytes = Buffer.from(sealed, 'base64')
  for (const place of [0, 5, 20, bytes.length - 1]) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8((changed[place] ?? 0) ^ 1, place)
    t.throws(() => unseal(changed.toString('base64'), KEY, 'shop/anna'), refused, `byte ${place}`)
  }
  t.throws(() => unseal('', KEY, 'shop/anna'), refused)
})
