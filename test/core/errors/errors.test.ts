import t from 'tap'
import {
  AutomateError,
  errorCode,
  errorFromRecord,
  errorToRecord,
  isAutomateError,
  messageOf,
  systemCode,
} from '../../../lib/core/errors/errors.ts'
import { recoveryOf } from '../../../lib/core/errors/recovery.ts'
import { ErrorRecord } from '../../../lib/model/failure/error-record.ts'

t.test('an error survives JSON with its name, code, message, facts, stack and causes', async t => {
  const root = new TypeError('deep')
  const middle = new AutomateError('navigate', 'no page', {
    facts: { url: 'http://x/', tries: [1, null] },
    cause: root,
  })
  const record = errorToRecord(new AutomateError('hard-fail', 'over', { cause: middle }))
  const read = ErrorRecord.parse(JSON.parse(JSON.stringify(record)))
  t.strictSame(read, record)
  const back = errorFromRecord(read)
  t.strictSame(errorToRecord(back), record)
  t.ok(isAutomateError(back))
  t.match(back, {
    code: 'hard-fail',
    cause: { code: 'navigate', cause: { name: 'TypeError', code: 'unexpected' } },
  })
})

t.test("an error has a recovery; its record keeps only a recovery that differs from its code's", async t => {
  const usual = errorToRecord(new AutomateError('proxy', 'refused'))
  t.notOk('recovery' in usual)
  t.same(recoveryOf(usual), { retry: 'other-proxy', browser: 'close' })
  t.same(errorFromRecord(usual).recovery, recoveryOf(usual))
  const recovery = { retry: 'never', browser: 'keep' } as const
  const own = errorToRecord(new AutomateError('proxy', 'refused', { recovery }))
  t.strictSame(ErrorRecord.parse(JSON.parse(JSON.stringify(own))), own)
  t.same(own.recovery, recovery)
  t.strictSame(errorToRecord(errorFromRecord(own)), own)
  t.equal(ErrorRecord.safeParse({ ...own, recovery: { retry: 'soon', browser: 'close' } }).success, false)
})

t.test('recognises an error of another copy of the module', async t => {
  const foreign = Object.assign(new Error('far'), {
    [Symbol.for('automate-tui.error')]: true,
    code: 'fenced',
    facts: {},
  })
  t.ok(isAutomateError(foreign))
  t.equal(errorCode(foreign), 'fenced')
  t.notOk(isAutomateError({ [Symbol.for('automate-tui.error')]: true }))
  t.equal(errorCode(new Error('x')), 'unexpected')
})

t.test('turns any thrown value into a record that the store accepts', async t => {
  const circle: { cause?: unknown } & Error = new Error('circle')
  circle.cause = circle
  const hostile = Object.assign(new Error('x'), { message: { no: 'text' }, name: 7, stack: ['a', 'list'] })
  for (const thrown of [
    'text',
    7,
    null,
    undefined,
    { a: 1 },
    Symbol('s'),
    () => 1,
    circle,
    hostile,
    new AggregateError([]),
  ]) {
    const record = errorToRecord(thrown)
    t.strictSame(ErrorRecord.parse(JSON.parse(JSON.stringify(record))), record)
    t.type(messageOf(thrown), 'string')
  }
  t.equal(messageOf('no page'), 'no page')
})

t.test("returns the system's error code, if there is one", async t => {
  t.equal(systemCode(Object.assign(new Error('x'), { code: 'ENOENT' })), 'ENOENT')
  t.equal(systemCode(Object.assign(new Error('x'), { code: 7 })), undefined)
  t.equal(systemCode('ENOENT'), undefined)
})
