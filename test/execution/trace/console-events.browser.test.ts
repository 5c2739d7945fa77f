import t from 'tap'
import { knownSecrets } from '../../../lib/core/secrets/known-secrets.ts'
import type { TraceLine } from '../../../lib/model/trace/trace-line.ts'
import { Disposables } from '../../../lib/execution/browser/cdp/disposables.ts'
import { recordConsole } from '../../../lib/execution/trace/console-events.ts'
import { guardedBrowser } from '../../helpers/sites/guarded-browser.ts'
import { until } from '../../helpers/until.ts'

const SECRET = 'Café-étoile-ÿ-99'

t.test('redacts a non-ASCII secret in errors that evaluated code throws late', async t => {
  knownSecrets.add([SECRET])
  const { page } = await guardedBrowser(t, null)
  const lines: TraceLine[] = []
  const session = await page.createCDPSession()
  const subscriptions = new Disposables()
  t.teardown(() => subscriptions.end())
  recordConsole(session, subscriptions, {
    ...{ pageId: 'page@1', now: () => 1 },
    write: line => void lines.push(line),
  })
  await session.send('Runtime.enable')
  const failures = [SECRET, 'déjà vu 日本']
  await page.evaluate(texts => {
    for (const text of texts) {
      queueMicrotask(() => {
        throw new Error(`late ${text}`)
      })
    }
  }, failures)
  await until('both errors', () => (lines.length >= failures.length ? lines : undefined))
  const written = JSON.stringify(lines)
  t.match(written, 'late ***')
  t.match(written, 'late déjà vu')
})
