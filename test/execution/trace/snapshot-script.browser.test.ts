import t from 'tap'
import { SNAPSHOT_EXPRESSION } from '../../../lib/execution/trace/snapshot-script.ts'
import { guardedBrowser } from '../../helpers/sites/guarded-browser.ts'

/** Text with its middle at the size limit of a snapshot. */
const SECRET = 'canary-of-the-snapshot'
const LIMIT = 1_500_000

t.test('a snapshot omits a text that exceeds its limit, rather than cutting it', async t => {
  const { page } = await guardedBrowser(t, null)
  await page.evaluate(`{
    const rule = () => document.createElement('hr')
    document.body.append('x'.repeat(${LIMIT - SECRET.length / 2}), rule(), '${SECRET}', rule(), 'short')
  }`)
  const snapshot = JSON.stringify(await page.evaluate(SNAPSHOT_EXPRESSION))
  t.match(snapshot, 'xxx')
  t.match(snapshot, '"short"', 'a text that fits is included')
  t.match(snapshot, '"cut":true')
  t.notMatch(snapshot, 'canary')
})
