import t from 'tap'
import { AutomateError, errorToRecord } from '../../lib/core/errors.ts'
import { classifyError } from '../../lib/execution/evidence/classify-error.ts'
import { publicAddress, sanitiseRecord, withoutSecrets } from '../../lib/execution/evidence/error-text.ts'
import { libraryError } from '../helpers/library-error.ts'

const phase = { index: 4, count: 6, name: 'add_step', step: 'button' }

t.test("the browser library's errors get codes by what they say", async t => {
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

t.test('an error keeps its name, stack and cause, and tells its phase', async t => {
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

t.test('no credentials and no queries of addresses get into a record, at any depth', async t => {
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
    'what finds a line in a stack stays',
  )
  t.equal(publicAddress('data:text/html,<b>secret</b>'), 'data:')
  t.equal(publicAddress('about:blank'), 'about:blank')
})
