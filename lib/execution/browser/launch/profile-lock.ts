import { readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { makeFolder } from '../../../core/disk/make-folder.ts'
import { AutomateError } from '../../../core/errors/errors.ts'
import { PROFILE_OWNER } from '../../../core/ids.ts'
import { identifyProcess } from '../../../platform/process/process-identity.ts'

const PRIVATE_FOLDER = 0o700
const PRIVATE_FILE = 0o600

/** Chrome's own lock on Linux and macOS: a link to "<host>-<pid>"; on Windows it holds a file open, which ends with it. */
const SINGLETON_LOCK = 'SingletonLock'
const SINGLETON_REST = ['SingletonSocket', 'SingletonCookie']

/**
 * Makes the profile folder, or takes one that a dead Chrome left, and writes into it whose it is, so that a sweep can tell a folder in use from one that was left.
 * Thrown with code `browser-launch` when a living Chrome of this host, or one of another host, has it: two Chromes in one profile destroy it.
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

/** The lock names no start time, and its pid may live on in another process: one whose arguments name this profile, where the system tells them, is its Chrome. */
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
    `The profile ${profile} is used by the browser of ${who}. Close that browser and try again; if there is none, delete ${SINGLETON_LOCK} in that folder.`,
    { facts: { profile } },
  )
}
