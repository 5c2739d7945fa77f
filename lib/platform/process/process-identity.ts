import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { ProcessIdentity } from '../../model/worker/process-identity.ts'
import { readWindowsStart } from '../windows/windows-process.ts'

/**
 * Returns the identity of the living process `pid`; `undefined` if the process does not exist, has
 * ended and is not yet collected (a zombie), or is not reported by the system.
 */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const started = startOf(pid)
  return started === undefined ? undefined : { pid, started }
}

/**
 * True if this very process still lives. A pid counts only with its start, because the system
 * reuses pids.
 */
export function sameProcessAlive({ pid, started }: ProcessIdentity): boolean {
  return startOf(pid) === started
}

/**
 * True if `pid` is stopped (SIGSTOP, a terminal's Ctrl+Z, a debugger) and runs nothing until it is
 * continued. False if there is no such process, and on Windows, which has no such state.
 */
export function isStopped(pid: number): boolean {
  if (process.platform === 'win32') return false
  try {
    return /^[Tt]/.test(process.platform === 'linux' ? (linuxStat(pid)[0] ?? '') : readPs('stat=', pid))
  } catch {
    return false
  }
}

function startOf(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  try {
    if (process.platform === 'linux') return linuxStart(pid)
    if (process.platform === 'win32') return readWindowsStart(pid)
    return psStart(pid)
  } catch {
    // The process does not exist, or belongs to another user and is hidden by the system, so it is
    // not ours.
    return undefined
  }
}

/**
 * Returns the fields of `/proc/<pid>/stat` after the name, which may contain spaces and brackets
 * (proc(5)). The first is field 3, the state.
 */
export function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function linuxStat(pid: number): string[] {
  return statFields(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}

/**
 * Returns field 22 of proc(5), the ticks from boot to start, with the boot's own id, which makes
 * the ticks unique.
 */
function linuxStart(pid: number): string | undefined {
  const fields = linuxStat(pid)
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined
  const ticks = fields[22 - 3]
  return ticks === undefined ? undefined : `${bootId()}:${ticks}`
}

let boot: string | undefined

function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return boot
}

/** Timeout of ps, which takes milliseconds, because it reads only kernel tables. */
const PS_LIMIT_MS = 5_000

function psStart(pid: number): string | undefined {
  const [state = '', ...start] = readPs('stat=,lstart=', pid).split(/\s+/)
  return state === '' || state.startsWith('Z') ? undefined : start.join('_')
}

/**
 * Returns the output of `ps` for `pid` in these columns; '' for none. Throws if there is no such
 * process.
 */
function readPs(columns: string, pid: number): string {
  return execFileSync('ps', ['-o', columns, '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    timeout: PS_LIMIT_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()
}
