import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { statFields } from './process-identity.ts'

/** A living process. `group` is the id of its process group. */
export interface ProcessRow {
  readonly pid: number
  readonly parent: number
  readonly group: number
}

const PS_LIMIT_MS = 5_000

/** Returns all living processes of this machine, without zombies. Linux and macOS only. */
export function readProcessTable(): ProcessRow[] {
  return process.platform === 'linux' ? readProc() : readPs()
}

/** Returns the pids of the processes in `table` that are among `roots` or descend from them. */
export function withDescendants(table: readonly ProcessRow[], roots: ReadonlySet<number>): Set<number> {
  const children = Map.groupBy(table, row => row.parent)
  const found = new Set<number>()
  const open = [...roots]
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    if (found.has(pid)) continue
    found.add(pid)
    open.push(...(children.get(pid) ?? []).map(row => row.pid))
  }
  return new Set(table.map(row => row.pid).filter(pid => found.has(pid)))
}

function readProc(): ProcessRow[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        const [state = '', parent = '', group = ''] = statFields(readFileSync(`/proc/${name}/stat`, 'utf8'))
        if (state === 'Z' || state === 'X') return []
        return [{ pid: Number(name), parent: Number(parent), group: Number(group) }]
      } catch {
        return [] // The process ended after the listing.
      }
    })
}

function readPs(): ProcessRow[] {
  const text = execFileSync('ps', ['-axo', 'pid=,ppid=,pgid=,stat='], {
    encoding: 'utf8',
    timeout: PS_LIMIT_MS,
  })
  return text.split('\n').flatMap(line => {
    const [pid, parent, group, state] = line.trim().split(/\s+/)
    if (pid === undefined || state === undefined || state.startsWith('Z')) return []
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group) }]
  })
}
