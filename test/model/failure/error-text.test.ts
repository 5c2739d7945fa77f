import t from 'tap'
import { errorToRecord } from '../../../lib/core/errors/errors.ts'
import { sanitiseRecord } from '../../../lib/model/failure/error-text.ts'

t.test(
  "an error of the page hides puppeteer's made-up places, and shows the line that called it",
  async t => {
    const error = new TypeError(
      'x is null\npptr:;act%20(file%3A%2F%2F%2Flib%2Fpause-points.js%3A31%3A39):1:48',
    )
    error.stack = [
      `TypeError: ${error.message}`,
      '    at  ( at act (file:///lib/pause-points.js:31:39), <anonymous>:0:47)',
      '    at #evaluate (file:///puppeteer-core/ExecutionContext.js:402:19)',
      '    at async <anonymous> (/shop/workflows/bad.ts:6:19)',
    ].join('\n')
    const { message, stack } = sanitiseRecord(errorToRecord(error))
    t.equal(message, 'x is null')
    t.equal(
      stack,
      [
        'TypeError: x is null',
        '    at the page (<anonymous>:0:47)',
        '    at #evaluate (file:///puppeteer-core/ExecutionContext.js:402:19)',
        '    at async <anonymous> (/shop/workflows/bad.ts:6:19)',
      ].join('\n'),
    )
  },
)
