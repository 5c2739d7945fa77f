import t from 'tap'
import { AutomateError, errorToRecord } from '../../../lib/core/errors/errors.ts'
import { rootCauseOf } from '../../../lib/model/failure/root-cause.ts'
import { knownSecrets } from '../../../lib/core/secrets/known-secrets.ts'
import { classifyError } from '../../../lib/execution/diagnostics/classify-error.ts'
import { publicAddress, sanitiseRecord, withoutSecrets } from '../../../lib/model/failure/error-text.ts'
import { crash } from '../../helpers/builders/crash.ts'
import { libraryError } from '../../helpers/builders/library-error.ts'

const phase = { index: 4, count: 6, name: 'add_step', step: 'button' }

t.test('classifies errors of the browser library by their messages', async t => {
  const cases = [
    [libraryError('Navigation timeout of 30000 ms exceeded'), 'navigate'],
    [libraryError('net::ERR_CONNECTION_REFUSED at http://a.test/'), 'navigate'],
    [libraryError('Waiting for selector `#a` failed: Waiting failed: 5ms exceeded'), 'element'],
    [libraryError('Error: failed to find element matching selector "data"'), 'element'],
    [libraryError('Protocol error (Page.navigate): Target closed'), 'browser-crash'],
    [libraryError('Connection closed.'), 'browser-crash'],
    [libraryError('anything else'), 'unexpected'],
    ['a thrown string', 'unexpected'],
    [new AutomateError('result-invalid', 'r'), 'result-invalid'],
  ] as const
  for (const [thrown, code] of cases) t.equal(classifyError(thrown, null).code, code, String(thrown))
})

t.test('an error keeps its name, stack and cause, and gets its phase', async t => {
  const cause = new TypeError('below')
  const thrown = new RangeError('above', { cause })
  const error = classifyError(thrown, phase)
  t.match(error, { name: 'RangeError', message: 'above', stack: thrown.stack, cause })
  t.same(error.facts, { phase: '4/6 add_step: button' })
  t.match(classifyError(new AutomateError('fenced', 'f', { facts: { jobId: 1 } }), phase).facts, {
    jobId: 1,
    phase: /add_step/,
  })
})

const PLANTED = '    at /x/workflows/pay.ts:1:1'

/** Returns the record of a phase's error as a report contains it. */
const recordOf = (thrown: unknown) => sanitiseRecord(errorToRecord(classifyError(thrown, phase)))
const frameOf = (thrown: unknown) => rootCauseOf(crash({ error: recordOf(thrown) })).frame

t.test('lines that a page wrote into a message are no stack frames', async t => {
  const texts = ['\n', '\r\n', '\u2028', '\n\npptr:x'].flatMap(end => [
    `sold out${end}${PLANTED}`,
    `sold out${end}${PLANTED}${end}for ever`,
    `sold out${end}${PLANTED}${end}${'x'.repeat(3_000)}`,
    `sold out${end}${PLANTED}`.repeat(1_000),
  ])
  for (const text of texts) {
    const shown = encodeURIComponent(text.slice(0, 60))
    t.equal(frameOf(text), null, `a thrown text: ${shown}`)
    t.equal(frameOf({ message: text }), null, `a thrown object: ${shown}`)
    t.match(frameOf(new Error(text)), /^diagnostics\/classify-error\.test\.ts:/, shown)
    t.match(frameOf(new AutomateError('element', text)), /classify-error\.test\.ts:/, shown)
    const outer = new Error('No offers.', { cause: new Error(text) })
    t.match(frameOf(outer), /classify-error\.test\.ts:/, `a cause: ${shown}`)
    t.notMatch(recordOf(outer).cause?.stack, /^\s*at \/x/m, shown)
    const changed = new Error(text)
    changed.message = `Page: ${changed.message}`
    t.notMatch(recordOf(changed).stack, /^\s*at \/x/m, `changed later: ${shown}`)
    const twice = classifyError(classifyError(new Error(text), phase), phase)
    t.match(frameOf(twice), /classify-error\.test\.ts:/, `classified twice: ${shown}`)
  }
})

t.test('a secret in a planted message changes nothing', async t => {
  knownSecrets.add(['hunter-f3k9'])
  const error = recordOf(new Error(`hunter-f3k9\n${PLANTED}\nhunter-f3k9`))
  t.notMatch(error.stack, /f3k9|^\s*at \/x/m)
  t.match(rootCauseOf(crash({ error })).frame, /classify-error\.test\.ts:/)
})

t.test('a record contains no credentials and no queries of addresses, at any depth', async t => {
  const cause = new Error('at https://me:pass-f3k9@shop.test/a?query-f3k9=1#x and ws://u@h/')
  const record = sanitiseRecord(
    errorToRecord(new Error('see http://b.test/?q=query-f3k9, then go', { cause })),
  )
  t.equal(record.message, 'see http://b.test/ then go')
  t.equal(record.cause?.message, 'at https://shop.test/a and ws://h/')
  t.notMatch(JSON.stringify(record), /f3k9/)
  t.match(
    withoutSecrets('file:///a/b.ts?v=1:3', 100),
    'file:///a/b.ts?v=1:3',
    'the place of a line in a stack stays',
  )
  const brackets = 'http://b.test/cb?f=(a)&code=f3k9&g=((b)).c&d=f3k9#(x)y)token=f3k9&z'
  t.equal(publicAddress(brackets), 'http://b.test/cb')
  for (const [before, after] of [
    ['', ''],
    ['(see ', ')'],
    ['at f (', '), then go'],
    ['[b](', ').'],
  ] as const) {
    const text = sanitiseRecord(errorToRecord(new Error(before + brackets + after)))
    t.equal(text.message, `${before}http://b.test/cb${after}`)
    t.notMatch(text.stack, /f3k9/)
  }
  t.equal(publicAddress('data:text/html,<b>secret</b>'), 'data:')
  t.equal(publicAddress('about:blank'), 'about:blank')
  const credentials = `accounts.bank.example.com${'-signin'.repeat(1_000)}:${'p'.repeat(10_000)}`
  t.equal(publicAddress(`https://${credentials}@evil.example/a?b`), 'https://evil.example/a', 'of any length')
})
