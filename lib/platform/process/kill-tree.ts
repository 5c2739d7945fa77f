import { execFile } from 'node:child_process'
import { AutomateError } from '../../core/errors/errors.ts'
import type { ProcessIdentity } from '../../model/worker/process-identity.ts'
import { sameProcessAlive } from './process-identity.ts'
import { readProcessTable, withDescendants } from './process-table.ts'
import { system32 } from '../windows/system32.ts'

/** taskkill answers within a second; under load it may take several. */
const TASKKILL_LIMIT_MS = 10_000

/** A tree that grows faster than it is frozen, so often, is killed as far as it is known. */
const FREEZE_ROUNDS = 10

/** The lowest pid that is not the system's own. */
const FIRST_PID = 2

/**
 * Ends the process `pid`, all its descendants, and the process groups that these lead, at once and without asking. What has already gone is no error.
 * The caller vouches for the pid: a child of its own that it has not yet seen exit; otherwise use `killSameTree`.
 * Thrown with code `bug` for a pid that would mean the system, all processes, or this one.
 */
export async function killTree(pid: number): Promise<void> {
  if (!Number.isSafeInteger(pid) || pid < FIRST_PID || pid === process.pid) {
    throw new AutomateError('bug', `killTree(${pid}) would end more than a process tree of ours.`, {
      facts: { pid },
    })
  }
  if (process.platform === 'win32') await taskkill(pid)
  else killUnixTree(pid)
}

/** `killTree` for a process known from a record: does nothing and resolves with false when it has ended, even if its pid lives on in another. */
export async function killSameTree(identity: ProcessIdentity): Promise<boolean> {
  if (!sameProcessAlive(identity)) return false
  await killTree(identity.pid)
  return true
}

/** A stopped process cannot fork: once a look finds no more, the tree is whole and can be ended without one escaping. */
function killUnixTree(root: number): void {
  const frozen = new Set<number>()
  const groups = new Set<number>()
  for (let round = 0; round < FREEZE_ROUNDS; round++) {
    const table = readProcessTable()
    const tree = withDescendants(table, new Set([root, ...frozen]))
    for (const { pid, group } of table) if (tree.has(pid) && group === pid) groups.add(pid)
    // Members of a group that the tree leads belong to it, even when their parent has gone.
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
    // Gone, or not ours to signal: either way there is nothing more to do.
  }
}

function taskkill(pid: number): Promise<void> {
  return new Promise(resolve => {
    execFile(
      system32('taskkill.exe'),
      ['/T', '/F', '/PID', String(pid)],
      { timeout: TASKKILL_LIMIT_MS, windowsHide: true },
      () => resolve(), // Its exit code only says that some had already gone.
    )
  })
}
