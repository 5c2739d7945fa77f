import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { ProcessIdentity } from '../../model/worker/process-identity.ts'
import { readWindowsStart } from '../windows/windows-process.ts'

/**
 * Returns the identity of the living process `pid`; `undefined` if there is no such process, if it
 * is a zombie, or if the system does not report its start.
 */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const started = startOf(pid)
  return started === undefined ? undefined : { pid, started }
}

/**
 * True if the process with this pid and this start is still alive. The pid alone is not enough,
 * because the system reuses pids.
 */
export function sameProcessAlive({ pid, started }: ProcessIdentity): boolean {
  return startOf(pid) === started
}

/**
 * True if the process `pid` is stopped (SIGSTOP, a terminal's Ctrl+Z, a debugger). False if there
 * is no such process, and always on Windows, which has no such state.
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
    // The process does not exist, or the system hides it because it belongs to another user. In
    // both cases it is not ours.
    return undefined
  }
}

/**
 * Returns the fields of `/proc/<pid>/stat` that follow the process name (proc(5)). The first one is
 * field 3, the state. The name itself may contain spaces and brackets.
 */
export function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function linuxStat(pid: number): string[] {
  return statFields(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}

/**
 * Returns the start of a process: the id of the boot, and field 22 of proc(5), the clock ticks from
 * boot to the start. The ticks alone would not be unique across boots. Returns undefined for a
 * process that has ended or is a zombie.
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

/** Timeout of ps, which normally takes milliseconds, because it reads only kernel tables. */
const PS_LIMIT_MS = 5_000

function psStart(pid: number): string | undefined {
  const [state = '', ...start] = readPs('stat=,lstart=', pid).split(/\s+/)
  return state === '' || state.startsWith('Z') ? undefined : start.join('_')
}

/** Returns the output of `ps` for `pid` in these columns. Throws if there is no such process. */
function readPs(columns: string, pid: number): string {
  return execFileSync('ps', ['-o', columns, '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    timeout: PS_LIMIT_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()
}
