import { spawn } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { systemClock } from '../../../../lib/core/time/clock.ts'
import { PROFILE_OWNER } from '../../../../lib/core/ids.ts'
import { openBrowser } from '../../../../lib/execution/browser/launch/open-browser.ts'
import { lockProfile } from '../../../../lib/execution/browser/launch/profile-lock.ts'
import { newFolder } from '../../../helpers/store/project.ts'
import { makeUndeletable } from '../../../helpers/processes/undeletable.ts'
import { testBrowser } from '../../../helpers/processes/worker-run.ts'

const DIED = 2 ** 22 + 1

const newProfile = (): string => {
  const profile = join(newFolder(), 'profile')
  mkdirSync(profile)
  return profile
}

/**
 * Creates the lock files of a Chrome in a profile. On Windows links need a privilege, and Chrome
 * makes no lock.
 */
function lockedBy(by: string, profile = newProfile()): string {
  for (const name of ['SingletonLock', 'SingletonSocket', 'SingletonCookie'])
    symlinkSync(by, join(profile, name))
  return profile
}

const locked = (profile: string) => lstatSync(join(profile, 'SingletonLock'), { throwIfNoEntry: false })

t.test('removes the lock of a dead browser', { skip: process.platform === 'win32' }, async t => {
  const profile = lockedBy(`${hostname()}-${DIED}`)
  lockProfile(profile)
  t.equal(locked(profile), undefined)
  t.match(JSON.parse(readFileSync(join(profile, PROFILE_OWNER), 'utf8')), { pid: process.pid })
})

t.test(
  'removes the lock of a pid that is another process now',
  { skip: process.platform !== 'linux' },
  async t => {
    const profile = lockedBy(`${hostname()}-${process.pid}`)
    lockProfile(profile)
    t.equal(locked(profile), undefined)
  },
)

t.test(
  'respects the lock of a living browser, and of another host',
  { skip: process.platform === 'win32' },
  async t => {
    const profile = newProfile()
    const idle = ['-e', 'process.stdin.resume()', '--', `--user-data-dir=${profile}`]
    const living = spawn(process.execPath, idle, { stdio: 'pipe' })
    t.teardown(() => living.kill())
    lockedBy(`${hostname()}-${living.pid ?? 0}`, profile)
    t.throws(() => lockProfile(profile), {
      code: 'browser-launch',
      message: /in use by the browser of process \d+/,
    })
    t.ok(locked(profile))
    const elsewhere = lockedBy(`other-host-${DIED}`)
    t.throws(() => lockProfile(elsewhere), { message: /process \d+ of host other-host/ })
    t.ok(locked(elsewhere))
  },
)

t.test('reports a profile that cannot be deleted when the browser closes, and continues', async t => {
  const folder = newFolder()
  const folders = { profile: join(folder, 'profile'), crashDumps: join(folder, 'dumps'), ports: folder }
  const browser = openBrowser(
    { launch: testBrowser(), folders, output: join(folder, 'chrome.log') },
    systemClock,
  )
  await browser.opened
  if (makeUndeletable(t, folders.profile) === undefined) {
    await browser.close()
    t.pass('this file system has no files that root cannot delete')
    return
  }
  t.match(await browser.close(), /could not be deleted.*The janitor retries later/)
  t.ok(existsSync(folders.profile))
})
