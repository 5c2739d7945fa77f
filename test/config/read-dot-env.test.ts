import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { messageOf } from '../../lib/core/errors/errors.ts'
import { readDotEnv } from '../../lib/config/read-dot-env.ts'

const read = (t: Test, text: string): unknown => {
  const file = join(t.testdir(), '.env')
  writeFileSync(file, text)
  try {
    return readDotEnv(file)
  } catch (error) {
    return messageOf(error)
  }
}

t.test('names an invalid line by its number, without quoting it', async t => {
  const said = 'Line 5 of .env is neither NAME=value nor a comment. Correct the line, or put "#" before it.'
  t.equal(read(t, '# a key\nKEY="one\ntwo"\nB= x\ncanary-of-the-line\n'), said)
  t.equal(read(t, "# a key\r\nexport KEY = 'one\r\ntwo'\r\n\r\ncanary-of-the-line\r\n"), said)
})

t.test('quoted values may have several lines', async t => {
  t.strictSame({ ...Object(read(t, 'KEY="one\ntwo"\nB=x\n')) }, { KEY: 'one\ntwo', B: 'x' })
})

t.test('ignores the byte order mark of an editor on Windows', t => {
  const file = join(t.testdir(), '.env')
  const variables = () => ({ ...readDotEnv(file) })
  writeFileSync(file, '\ufeffSHOP=one\r\nWORKERS=2\r\n')
  t.strictSame(variables(), { SHOP: 'one', WORKERS: '2' })
  writeFileSync(file, '\ufeffSHOP=é\r\n', 'utf16le')
  t.strictSame(variables(), { SHOP: 'é' })
  t.end()
})

t.test('refuses a name that begins with a space that Node does not strip', async t => {
  t.match(read(t, 'A=1\n\u00a0SHOP=one\n'), /^Line 2 of \.env is neither/)
})
