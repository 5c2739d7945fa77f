import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { watchJob } from '../../../lib/execution/resources/watch-job.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

t.test('a page that crashes repeatedly fills no disk, because dumps count with the profile', async t => {
  const folder = newFolder()
  const [profile, crashDumps] = [join(folder, 'profile'), join(folder, 'dumps')]
  for (const one of [profile, join(crashDumps, 'pending')]) mkdirSync(one, { recursive: true })
  writeFileSync(join(profile, 'Cookies'), 'x'.repeat(60))
  // One file and one folder exist, and each counts as a page.
  const bytes = 2 * 4_096
  const clock = new FakeClock()
  const failed: Error[] = []
  const limits = { memoryBytes: Infinity, profileBytes: bytes, outputBytes: 1 }
  let measurements = 0
  const browserPid = () => {
    measurements += 1
    return null
  }
  watchJob({ profile, crashDumps, fail: error => failed.push(error) }, browserPid, limits, clock).begin()
  const pass = () => clock.advance(10_000)
  await until('some measurements', () => {
    pass()
    return measurements > 5
  })
  t.strictSame(failed, [])
  writeFileSync(join(crashDumps, 'pending', 'one.dmp'), 'x')
  await until('the failure', () => {
    pass()
    return failed.length > 0
  })
  t.match(failed, [{ code: 'resource-limit', facts: { bytes: bytes + 4_096, limitBytes: bytes } }])
})
