import t from 'tap'
import { resultOf } from '../../lib/testing/run-workflow.ts'
import { errorRecord } from '../helpers/builders/error-record.ts'

t.test('returns the result of a workflow, and throws its failure with its phase', async t => {
  const printed = (outcome: unknown) => `${JSON.stringify({ outcome, screenshot: null })}\n`
  t.equal(resultOf(printed({ status: 'succeeded', result: 7 })), 7)
  const phase = { index: 2, count: 3, name: 'add_step', step: '' }
  const failed = { status: 'failed', error: errorRecord('no such button'), phase }
  t.throws(() => resultOf(printed(failed)), { message: /in 2.3 add_step.*: no such button/ })
  t.throws(() => resultOf(printed({ status: 'cancelled', reason: 'cancelled', phase: null })), {
    code: 'cancelled',
  })
})

t.test('quotes the beginning of an output that is no outcome', async t => {
  for (const printed of ['hello from elsewhere\n{"outcome":{"status":"succeeded","result":7}}\n', '7']) {
    t.throws(() => resultOf(printed), {
      code: 'unexpected',
      message: /cannot be read from (hello from elsewhere|7).*to stderr/,
    })
  }
})

t.test('throws a refusal of the program with its code', async t => {
  const refused = { error: { ...errorRecord('no such field'), code: 'input-invalid' } }
  t.throws(() => resultOf(`${JSON.stringify(refused)}\n`), {
    code: 'input-invalid',
    message: 'no such field',
  })
})
