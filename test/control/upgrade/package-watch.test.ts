import t from 'tap'
import type { InstalledProgram } from '../../../lib/platform/package/installed-package.ts'
import { PackageWatch } from '../../../lib/control/upgrade/package-watch.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'

const MINUTE_MS = 60_000

/** Watches a package that the test removes and restores. */
function watching() {
  const clock = new FakeClock()
  const installed = { folder: '/app/automate-tui', isOwn: true, replacement: null as InstalledProgram | null }
  const errors: string[] = []
  const removed: string[] = []
  const ignore = () => undefined
  const warnings: string[] = []
  const warn = (message: string) => warnings.push(message)
  const log = { debug: ignore, info: ignore, warn, error: (message: string) => errors.push(message) }
  const watch = new PackageWatch({ installed, log, clock, onRemoved: folder => removed.push(folder) })
  const lookAfter = (ms: number) => {
    clock.advance(ms)
    watch.check(0)
    return watch.isRemoved
  }
  return { installed, errors, warnings, removed, watch, lookAfter }
}

t.test('a package missing for ten minutes counts as removed, and is reported once', t => {
  const { installed, errors, removed, watch, lookAfter } = watching()
  t.notOk(lookAfter(60 * MINUTE_MS))
  installed.isOwn = false
  t.notOk(lookAfter(0))
  t.strictSame(watch.document, { replaced: { version: null } }, 'a reader sees it at once')
  t.notOk(lookAfter(9 * MINUTE_MS))
  t.ok(lookAfter(MINUTE_MS))
  t.ok(lookAfter(10 * MINUTE_MS))
  t.strictSame(removed, ['/app/automate-tui'])
  t.match(errors, [/was removed from \/app\/automate-tui, so no job can start\. Install automate-tui again/])
  t.equal(errors.length, 1)
  t.end()
})

t.test('a package manager may take minutes, and may install another version', t => {
  const { installed, removed, lookAfter } = watching()
  installed.isOwn = false
  t.notOk(lookAfter(0))
  t.notOk(lookAfter(9 * MINUTE_MS))
  installed.replacement = { version: '2.0.0', build: 'b' }
  t.notOk(lookAfter(20 * MINUTE_MS))
  installed.replacement = null
  t.notOk(lookAfter(0))
  t.notOk(lookAfter(9 * MINUTE_MS), 'the time starts over')
  t.strictSame(removed, [])
  t.end()
})

t.test('the log names the number of running jobs that the restart waits for', t => {
  const wordsFor = (running: number) => {
    const { installed, watch, warnings } = watching()
    installed.isOwn = false
    installed.replacement = { version: '2.0.0', build: 'b' }
    watch.check(running)
    return warnings.join()
  }
  t.match(wordsFor(0), /until the scheduler has restarted\.$/)
  t.match(wordsFor(1), /has restarted, after the end of the 1 running job\.$/)
  t.match(wordsFor(2), /has restarted, after the end of the 2 running jobs\.$/)
  t.end()
})
