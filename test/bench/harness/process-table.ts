import { readdirSync, readFileSync } from 'node:fs'

/**
 * Milliseconds in a tick. Linux counts CPU time for user space in hundredths of a second (USER_HZ)
 * on every architecture of Node.
 */
const MS_A_TICK = 10

/**
 * Field positions in /proc/<pid>/stat after the command name, which is in brackets and may contain
 * anything (man 5 proc).
 */
const PLACE = {
  state: 0,
  parent: 1,
  userTicks: 11,
  systemTicks: 12,
  waitedUserTicks: 13,
  waitedSystemTicks: 14,
}

export interface ProcessRow {
  readonly pid: number
  readonly parent: number
  readonly zombie: boolean
  /** CPU time of the process itself. */
  readonly ownMs: number
  /** CPU time of its ended children that it has waited for, including their children. */
  readonly waitedMs: number
}

function readRow(pid: number): ProcessRow | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const number = (place: number) => Number(fields[place])
    return {
      pid,
      parent: number(PLACE.parent),
      zombie: fields[PLACE.state] === 'Z',
      ownMs: (number(PLACE.userTicks) + number(PLACE.systemTicks)) * MS_A_TICK,
      waitedMs: (number(PLACE.waitedUserTicks) + number(PLACE.waitedSystemTicks)) * MS_A_TICK,
    }
  } catch {
    // The process ended between the listing and the reading.
    return undefined
  }
}

/** Returns the CPU time of the process or thread of a `stat` file. */
export function readCpuMs(statFile: string): number {
  const stat = readFileSync(statFile, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[PLACE.userTicks]) + Number(fields[PLACE.systemTicks])) * MS_A_TICK
}

/** Returns all present processes. Linux only. */
export function readProcessTable(): ProcessRow[] {
  return readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? (readRow(Number(name)) ?? []) : []))
}

/** Returns the roots in the table, with all their descendants. */
export function treeOf(roots: readonly number[], table: readonly ProcessRow[]): ProcessRow[] {
  const children = Map.groupBy(table, row => row.parent)
  const below = (row: ProcessRow): ProcessRow[] => [row, ...(children.get(row.pid) ?? []).flatMap(below)]
  return table.filter(row => roots.includes(row.pid)).flatMap(below)
}

/**
 * Returns the memory of a process in bytes, with shared pages divided among their users (PSS); 0
 * for an ended process.
 */
export function readPssBytes(pid: number): number {
  try {
    const line = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))
    return Number(line?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
