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

t.test('a line that is no assignment is named by its number, and nothing of it is quoted', async t => {
  const said = 'Line 5 of .env is neither NAME=value nor a comment. Correct the line, or put "#" before it.'
  t.equal(read(t, '# a key\nKEY="one\ntwo"\nB= x\ncanary-of-the-line\n'), said)
  t.equal(read(t, "# a key\r\nexport KEY = 'one\r\ntwo'\r\n\r\ncanary-of-the-line\r\n"), said)
})

t.test('values in quotes hold lines', async t => {
  t.strictSame({ ...Object(read(t, 'KEY="one\ntwo"\nB=x\n')) }, { KEY: 'one\ntwo', B: 'x' })
})

t.test('a file that an editor on Windows wrote begins with a mark, which is no part of a name', t => {
  const file = join(t.testdir(), '.env')
  const variables = () => ({ ...readDotEnv(file) })
  writeFileSync(file, '\ufeffSHOP=one\r\nWORKERS=2\r\n')
  t.strictSame(variables(), { SHOP: 'one', WORKERS: '2' })
  writeFileSync(file, '\ufeffSHOP=é\r\n', 'utf16le')
  t.strictSame(variables(), { SHOP: 'é' })
  t.end()
})

t.test('a name that begins with another space than Node leaves out is refused', async t => {
  t.match(read(t, 'A=1\n\u00a0SHOP=one\n'), /^Line 2 of \.env is neither/)
})
