import t from 'tap'
import { errorFromRecord, errorToRecord, isAutomateError } from '../../lib/core/errors/errors.ts'
import { recoveryOf } from '../../lib/core/errors/recovery.ts'
import { answerTo } from '../../lib/authoring/options/recovery-rules.ts'
import { defineWorkflow, z } from '../../lib/index.ts'
import {
  BrowserCrashError,
  ElementError,
  HardFailError,
  NavigateError,
  PhaseTimeoutError,
  ProxyError,
  ResourceLimitError,
  SessionExpiredError,
  WorkflowError,
} from '../../lib/index.ts'
import type { Recovery, RecoveryRules } from '../../lib/index.ts'
import { libraryError } from '../helpers/builders/library-error.ts'

class SoldOut extends WorkflowError {
  static override readonly retry = 'never'
}

class Queue extends WorkflowError {
  static override readonly browser = 'keep'
}

t.test('each failure has its code, its name and its recovery, and keeps them through JSON', async t => {
  const cases = [
    [new ProxyError('m'), 'proxy', 'ProxyError', 'other-proxy'],
    [new NavigateError('m'), 'navigate', 'NavigateError', 'backoff'],
    [new ElementError('m'), 'element', 'ElementError', 'backoff'],
    [new SessionExpiredError('m'), 'session-expired', 'SessionExpiredError', 'other-session'],
    [new PhaseTimeoutError('m'), 'phase-timeout', 'PhaseTimeoutError', 'backoff'],
    [new BrowserCrashError('m'), 'browser-crash', 'BrowserCrashError', 'now'],
    [new ResourceLimitError('m'), 'resource-limit', 'ResourceLimitError', 'backoff'],
    [new HardFailError('m'), 'hard-fail', 'HardFailError', 'never'],
    [new WorkflowError('m'), 'workflow', 'WorkflowError', 'backoff'],
    [new SoldOut('m'), 'workflow', 'SoldOut', 'never'],
    [new Queue('m'), 'workflow', 'Queue', 'backoff'],
  ] as const
  for (const [failure, code, name, retry] of cases) {
    const record = errorToRecord(failure)
    t.match(record, { code, name, message: 'm' })
    t.equal(recoveryOf(record).retry, retry, name)
    t.strictSame(errorToRecord(errorFromRecord(record)), record)
  }
  t.equal(new Queue('m').recovery.browser, 'keep')
  const own = new SoldOut('m', { recovery: { browser: 'keep' }, facts: { left: 0 }, cause: new Error('c') })
  t.match(own, { recovery: { retry: 'never', browser: 'keep' }, facts: { left: 0 }, cause: { message: 'c' } })
})

t.test('distinguishes failures by brand and by browser message, not by class', async t => {
  const back = errorFromRecord(errorToRecord(new SoldOut('m')))
  t.notOk(back instanceof WorkflowError)
  t.ok(isAutomateError(back))
  t.ok(SoldOut.is(back) && WorkflowError.is(back))
  t.notOk(Queue.is(back) || ElementError.is(back) || SoldOut.is(new WorkflowError('m')))
  t.ok(ProxyError.is(libraryError('net::ERR_TUNNEL_CONNECTION_FAILED at http://a.test/')))
  t.ok(ElementError.is(libraryError('No element found for selector: #a')))
  for (const thrown of ['Target closed', undefined, new TypeError('x is not a function')])
    t.notOk(BrowserCrashError.is(thrown) || NavigateError.is(thrown))
})

t.test(
  'a workflow maps failures to recoveries by code, but a recovery of the error takes precedence',
  async t => {
    const rules = { navigate: { retry: 'now' }, workflow: { retry: 'now', browser: 'keep' } } as const
    t.same(answerTo(new NavigateError('m'), rules), { retry: 'now', browser: 'close' })
    t.same(answerTo(new ElementError('m'), rules), { retry: 'backoff', browser: 'close' })
    t.same(answerTo(new SoldOut('m'), rules), { retry: 'never', browser: 'close' })
    t.same(answerTo(new WorkflowError('m'), rules), { retry: 'now', browser: 'keep' })
  },
)

t.test('a function of the workflow receives each failure and decides last', async t => {
  const rules: RecoveryRules = failure =>
    failure.name === 'SoldOut' || failure.message === 'now' ? { retry: 'now' } : undefined
  t.same(answerTo(new SoldOut('m'), rules), { retry: 'now', browser: 'close' })
  t.same(answerTo(new HardFailError('m'), rules), { retry: 'never', browser: 'close' })
  const wrong = () => z.custom<Partial<Recovery>>().parse({ retry: 'soon' })
  t.throws(() => answerTo(new HardFailError('m'), wrong), { code: 'workflow-invalid', message: /"retry"/ })
})

t.test('refuses invalid rules, and names the mistake', async t => {
  const options = { name: 'rules', input: z.null(), result: z.null() }
  for (const text of ['{"navigate":{"retry":"soon"}}', '{"nowhere":{}}', '{"navigate":{"wait":1}}', '7']) {
    t.throws(
      () => defineWorkflow({ ...options, recovery: z.custom<RecoveryRules>().parse(JSON.parse(text)) }),
      {
        code: 'workflow-invalid',
        message: /recovery/,
      },
    )
  }
})
