import { execFile } from 'node:child_process'
import { AutomateError } from '../../core/errors/errors.ts'
import type { ProcessIdentity } from '../../model/worker/process-identity.ts'
import { sameProcessAlive } from './process-identity.ts'
import { readProcessTable, withDescendants } from './process-table.ts'
import { system32 } from '../windows/system32.ts'

/** Timeout of taskkill, which takes about a second, and several under load. */
const TASKKILL_LIMIT_MS = 10_000

/**
 * Maximum number of rounds to stop all processes of a growing tree. After the last round, the
 * processes known by then are killed.
 */
const FREEZE_ROUNDS = 10

/** The lowest pid that is not the system's own. */
const FIRST_PID = 2

/**
 * Kills the process `pid`, all its descendants, and the process groups that they lead, without
 * asking them to end. Processes that have already ended are ignored. The pid must be that of a
 * child whose exit the caller has not yet seen, because a pid may be reused afterwards. For any
 * other process use `killSameTree`.
 * @throws `bug` if the pid is that of this process or of the system, or stands for several
 * processes.
 */
export async function killTree(pid: number): Promise<void> {
  if (!Number.isSafeInteger(pid) || pid < FIRST_PID || pid === process.pid) {
    throw new AutomateError('bug', `killTree(${pid}) would end processes outside of the process tree.`, {
      facts: { pid },
    })
  }
  if (process.platform === 'win32') await taskkill(pid)
  else killUnixTree(pid)
}

/**
 * Kills the process tree of a recorded process. Resolves with false, and kills nothing, if the
 * process has ended, even if another process has its pid.
 */
export async function killSameTree(identity: ProcessIdentity): Promise<boolean> {
  if (!sameProcessAlive(identity)) return false
  await killTree(identity.pid)
  return true
}

/**
 * Stops all processes of a tree and then kills them. A stopped process cannot fork, so the tree is
 * complete once a pass finds no new process.
 */
function killUnixTree(root: number): void {
  const frozen = new Set<number>()
  const groups = new Set<number>()
  for (let round = 0; round < FREEZE_ROUNDS; round++) {
    const table = readProcessTable()
    const tree = withDescendants(table, new Set([root, ...frozen]))
    for (const { pid, group } of table) if (tree.has(pid) && group === pid) groups.add(pid)
    // Members of a process group whose leader is in the tree belong to the tree, even if their
    // parent has exited.
    for (const { pid, group } of table) if (groups.has(group)) tree.add(pid)
    tree.delete(process.pid)
    const fresh = [...tree].filter(pid => !frozen.has(pid))
    if (fresh.length === 0) break
    for (const pid of fresh) {
      signal(pid, 'SIGSTOP')
      frozen.add(pid)
    }
  }
  for (const group of groups) signal(-group, 'SIGKILL')
  for (const pid of frozen) signal(pid, 'SIGKILL')
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // The process has exited or belongs to another user, so there is nothing to do.
  }
}

function taskkill(pid: number): Promise<void> {
  return new Promise(resolve => {
    execFile(
      system32('taskkill.exe'),
      ['/T', '/F', '/PID', String(pid)],
      { timeout: TASKKILL_LIMIT_MS, windowsHide: true },
      () => resolve(), // The exit code only reports processes that had already exited.
    )
  })
}
