import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { NO_SECRETS } from '../../lib/model/worker/worker-secrets.ts'
import { secretsBeside, takeSecrets, writeSecrets } from '../../lib/files/secrets-file.ts'

const ACCESS = {
  proxy: { server: 'http://proxy:8080', username: 'u', password: 'p' },
  sites: [{ origin: 'https://shop.example', username: 'ann', password: 'söcret' }],
}

t.test('secrets are read once from a private file, which is then removed', async t => {
  const folder = t.testdir()
  const file = secretsBeside(join(folder, 'w1.json'))
  writeSecrets(file, ACCESS)
  t.strictSame(readdirSync(folder), ['w1.secrets'])
  if (process.platform !== 'win32') t.equal(statSync(file).mode & 0o777, 0o600)
  t.strictSame(takeSecrets(file), ACCESS)
  t.strictSame(readdirSync(folder), [])
  t.strictSame(takeSecrets(file), NO_SECRETS)
})

t.test('writes no file without secrets', async t => {
  const file = join(t.testdir(), 'w1.secrets')
  writeSecrets(file, NO_SECRETS)
  t.equal(existsSync(file), false)
})
