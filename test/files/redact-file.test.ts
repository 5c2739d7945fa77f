import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { knownSecrets } from '../../lib/core/secrets/known-secrets.ts'
import { redactFile } from '../../lib/files/redact-file.ts'

knownSecrets.add([
  '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n-----END PRIVATE KEY-----',
  'wörd-of-the-file',
])

t.test('redacting a large file does not block the event loop', async t => {
  const file = join(t.testdir(), 'chrome.log')
  const dashes = '-'.repeat(60_000)
  writeFileSync(file, `${dashes}\n`.repeat(10) + 'it printed wörd-of-the-file\n')
  let turns = 0
  let ended = false
  const redacting = redactFile(file).then(() => {
    ended = true
  })
  for (; !ended; turns++) await setImmediate()
  await redacting
  t.ok(turns > 50, `${turns} turns of the event loop`)
  t.equal(readFileSync(file, 'utf8'), `${dashes}\n`.repeat(10) + 'it printed ***\n')
  t.strictSame(readdirSync(join(file, '..')), ['chrome.log'])
})

t.test('redacts a secret wherever the file is divided', async t => {
  const file = join(t.testdir(), 'chrome.log')
  for (let before = 16_362; before < 16_386; before++) {
    writeFileSync(file, `${'.'.repeat(before)}wörd-of-the-file.`)
    await redactFile(file)
    t.equal(readFileSync(file, 'utf8'), `${'.'.repeat(before)}***.`)
  }
})

t.test('does not change a file without a secret, and ignores a missing one', async t => {
  const folder = t.testdir({ 'a.log': 'plain' })
  await redactFile(join(folder, 'a.log'))
  await redactFile(join(folder, 'b.log'))
  t.strictSame(readdirSync(folder), ['a.log'])
})
