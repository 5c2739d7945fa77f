import { readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { makeFolder } from '../../../core/disk/make-folder.ts'
import { AutomateError } from '../../../core/errors/errors.ts'
import { PROFILE_OWNER } from '../../../core/ids.ts'
import { identifyProcess } from '../../../platform/process/process-identity.ts'

const PRIVATE_FOLDER = 0o700
const PRIVATE_FILE = 0o600

/**
 * Chrome's own lock on Linux and macOS: a symbolic link to "<host>-<pid>". On Windows Chrome holds
 * a file open instead, which the system closes when Chrome ends.
 */
const SINGLETON_LOCK = 'SingletonLock'
const SINGLETON_REST = ['SingletonSocket', 'SingletonCookie']

/**
 * Creates the profile folder, or takes over the folder of a dead Chrome, and writes its owner into
 * it, so that a sweep can distinguish a folder in use from a leftover.
 * @throws `browser-launch` if a living Chrome of this host, or any Chrome of another host, has the
 * profile, because two Chromes destroy a profile.
 */
export function lockProfile(profile: string): void {
  makeFolder(profile, PRIVATE_FOLDER)
  freeSingleton(profile)
  const owner = identifyProcess(process.pid)
  if (owner === undefined) return
  writeFileSync(join(profile, PROFILE_OWNER), JSON.stringify(owner), { mode: PRIVATE_FILE })
}

function freeSingleton(profile: string): void {
  const held = holderOf(profile)
  if (held === undefined) return
  const { host, pid } = held
  if (host !== hostname()) throw inUse(profile, `process ${pid} of host ${host}`)
  if (runsIn(pid, profile)) throw inUse(profile, `process ${pid}`)
  for (const name of [SINGLETON_LOCK, ...SINGLETON_REST]) rmSync(join(profile, name), { force: true })
}

function holderOf(profile: string): { host: string; pid: number } | undefined {
  try {
    const [, host, pid] = /^(.+)-(\d+)$/.exec(readlinkSync(join(profile, SINGLETON_LOCK))) ?? []
    return host === undefined ? undefined : { host, pid: Number(pid) }
  } catch {
    return undefined
  }
}

/**
 * True if the process is the Chrome of this profile. The lock has no start time, so its pid may
 * belong to another process by now. On systems that report the arguments of a process, they must
 * name this profile; on others, any living process counts.
 */
function runsIn(pid: number, profile: string): boolean {
  if (identifyProcess(pid) === undefined) return false
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`--user-data-dir=${profile}`)
  } catch {
    return true
  }
}

function inUse(profile: string, who: string): AutomateError {
  return new AutomateError(
    'browser-launch',
    `The profile ${profile} is in use by the browser of ${who}. Close that browser and try again. If no browser runs, delete ${SINGLETON_LOCK} in that folder.`,
    { facts: { profile } },
  )
}
