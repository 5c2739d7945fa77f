import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ProfileSweep } from '../../../../lib/control/machine/maintenance/profile-sweep.ts'
import { PROFILE_OWNER, newProfileName, nthProfileName } from '../../../../lib/core/ids.ts'
import type { ProjectPaths } from '../../../../lib/core/process/paths.ts'
import { identifyProcess } from '../../../../lib/platform/process/process-identity.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'
import { newProject } from '../../../helpers/store/project.ts'
import { makeUndeletable } from '../../../helpers/processes/undeletable.ts'

const DEAD = { pid: process.pid, started: 'in-another-life' }
const MINUTE_MS = 60_000

/** Creates a profile of this age, with a file that names its owner. */
function profile(paths: ProjectPaths, ageMs: number, owner: unknown = DEAD, nth = 1): string {
  const name = nthProfileName(newProfileName(), nth)
  const path = join(paths.profiles, name)
  mkdirSync(path)
  if (owner !== undefined) writeFileSync(join(path, PROFILE_OWNER), JSON.stringify(owner))
  age(path, ageMs)
  return name
}

function age(path: string, ageMs: number): void {
  const at = (Date.now() - ageMs) / 1000
  utimesSync(path, at, at)
}

t.test('removes a profile whose owner has died, and keeps one with a living or unknown owner', async t => {
  const paths = newProject()
  const living = profile(paths, 0, identifyProcess(process.pid))
  const starting = profile(paths, 0, 'half written')
  const second = profile(paths, 0, identifyProcess(process.pid), 2)
  profile(paths, 0)
  profile(paths, 0, DEAD, 2)
  t.equal(new ProfileSweep(paths, new RecordingLog()).round([], Date.now()), 2)
  t.strictSame(readdirSync(paths.profiles).sort(), [living, starting, second].sort())
})

t.test('removes a profile without an owner after a while, and a folder with another name later', async t => {
  const paths = newProject()
  const young = profile(paths, 9 * MINUTE_MS, 'half written')
  profile(paths, 11 * MINUTE_MS, 'half written')
  const other = join(paths.profiles, 'chrome_of_a_person')
  mkdirSync(other)
  age(other, 60 * MINUTE_MS)
  t.equal(new ProfileSweep(paths, new RecordingLog()).round([], Date.now()), 1)
  t.strictSame(readdirSync(paths.profiles).sort(), [young, 'chrome_of_a_person'].sort())
})

t.test('removes many leftovers oldest first, some each round, and warns of them once', async t => {
  const paths = newProject()
  const log = new RecordingLog()
  const names = Array.from({ length: 45 }, (_, n) => profile(paths, (n + 1) * MINUTE_MS))
  const sweep = new ProfileSweep(paths, log)
  t.equal(sweep.round([], Date.now()), 10)
  t.strictSame(readdirSync(paths.profiles).sort(), names.slice(0, 35).sort(), 'the ten oldest are removed')
  t.match(log.lines, [
    new RegExp(`^warn: 35 profile folders .*: ${names.slice(30, 35).reverse().join(', ')} and 30 more`),
  ])
  for (const left of [25, 15, 5, 0]) {
    sweep.round([], Date.now())
    t.equal(readdirSync(paths.profiles).length, left)
  }
  t.equal(log.lines.length, 1, 'fewer leftovers are not logged')
})

t.test('a stuck profile blocks nothing, and is retried at growing intervals until it is removed', async t => {
  const paths = newProject()
  const log = new RecordingLog()
  const stuck = profile(paths, 60 * MINUTE_MS)
  const path = join(paths.profiles, stuck)
  const free = makeUndeletable(t, path)
  if (free === undefined) {
    t.pass('this file system has no files that root cannot delete')
    return
  }
  age(path, 60 * MINUTE_MS)
  profile(paths, MINUTE_MS)
  const sweep = new ProfileSweep(paths, log)
  const now = Date.now()
  t.equal(sweep.round([], now), 1, 'the other profile is removed')
  t.strictSame(log.lines, [], 'the first failure is not logged')
  sweep.round([], now + 9_000)
  t.strictSame(log.lines, [], 'it was not retried so soon')
  sweep.round([], now + 10_000)
  t.match(log.lines, [new RegExp(`^warn: Could not remove profile ${stuck}`)])
  await free()
  t.equal(sweep.round([], now + 29_000), 0)
  t.equal(sweep.round([], now + 30_000), 1)
  t.notOk(existsSync(path))
})
