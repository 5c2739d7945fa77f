import t from 'tap'
import { supportsClipboard, supportsProgress } from '../../../screens/terminal/capabilities.ts'
import { clipboardSequence } from '../../../screens/terminal/terminal-modes.ts'

t.test('recognizes terminals without a clipboard by their environment', async t => {
  for (const env of [{}, { TERM: 'xterm-256color' }, { WT_SESSION: 'x' }, { VTE_VERSION: '7601' }]) {
    t.ok(supportsClipboard(env), JSON.stringify(env))
  }
  for (const env of [{ TERM: 'linux' }, { TERM_PROGRAM: 'Apple_Terminal' }, { VTE_VERSION: '6800' }]) {
    t.notOk(supportsClipboard(env), JSON.stringify(env))
  }
})

t.test('sends no progress to terminals that would misread it', async t => {
  const iTerm = { TERM_PROGRAM: 'iTerm.app' }
  for (const env of [{}, { WT_SESSION: 'x' }, { ...iTerm, TERM_PROGRAM_VERSION: '3.10.0' }]) {
    t.ok(supportsProgress(env), JSON.stringify(env))
  }
  for (const env of [{ TERM: 'linux' }, iTerm, { ...iTerm, TERM_PROGRAM_VERSION: '3.6.5' }]) {
    t.notOk(supportsProgress(env), JSON.stringify(env))
  }
})

t.test('no text can end the sequence that carries it', async t => {
  const sequence = clipboardSequence('è \u0007\u001b\\ \u001b[2J')
  t.match(sequence, /^\u001b\]52;c;[A-Za-z0-9+/=]+\u0007$/)
  t.equal(Buffer.from(sequence.slice(7, -1), 'base64').toString('utf8'), 'è \u0007\u001b\\ \u001b[2J')
})
