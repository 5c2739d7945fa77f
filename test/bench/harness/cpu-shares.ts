import { readFileSync, readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { readCpuMs } from './process-table.ts'
import type { ProcessRow } from './process-table.ts'

/**
 * Owners of CPU time. `store` is the store's thread in our program. `other` is a peer's own
 * process, a reaper, and processes that ended unseen.
 */
export const PARTS = ['Chrome', 'workers', 'program', 'store', 'other'] as const
export type Part = (typeof PARTS)[number]
export type CpuParts = Readonly<Record<Part, number>>

/**
 * Node's name for the threads of `node:worker_threads`. Our program has one running, the store's.
 */
const STORE_THREAD = 'WorkerThread'

/**
 * Attributes CPU time to its owners by samples of the live processes. CPU time after a process's
 * last sample has no owner.
 */
export class CpuShares {
  readonly #seen = new Map<number, { readonly part: Part; readonly ms: number; readonly storeMs: number }>()

  see(rows: readonly ProcessRow[]): void {
    for (const { pid, ownMs } of rows) {
      const part = this.#seen.get(pid)?.part ?? partOf(pid)
      const storeMs = part === 'program' ? storeThreadMs(pid) : 0
      this.#seen.set(pid, { part, ms: ownMs - storeMs, storeMs })
    }
  }

  /** Returns the milliseconds of each part, `totalMs` altogether. */
  parts(totalMs: number): CpuParts {
    const sum = (part: Part) =>
      [...this.#seen.values()].reduce((ms, seen) => ms + (seen.part === part ? seen.ms : 0), 0)
    const store = [...this.#seen.values()].reduce((ms, { storeMs }) => ms + storeMs, 0)
    const known = { Chrome: sum('Chrome'), workers: sum('workers'), program: sum('program'), store }
    const rest = totalMs - known.Chrome - known.workers - known.program - known.store
    return { ...known, other: Math.max(0, rest) }
  }
}

function partOf(pid: number): Part {
  const [program = '', ...args] = readCommand(pid)
  if (/chrom|headless/.test(basename(program))) return 'Chrome'
  if (args.some(arg => arg.includes('worker.entry'))) return 'workers'
  return args.some(arg => basename(arg) === 'automate-tui.js') ? 'program' : 'other'
}

function readCommand(pid: number): string[] {
  try {
    // Chrome may rewrite its own command line with blanks.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/)
  } catch {
    // The process has ended in between.
    return []
  }
}

function storeThreadMs(pid: number): number {
  const folder = `/proc/${pid}/task`
  try {
    const threads = readdirSync(folder).filter(
      thread => readFileSync(`${folder}/${thread}/comm`, 'utf8').trim() === STORE_THREAD,
    )
    return threads.reduce((ms, thread) => ms + readCpuMs(`${folder}/${thread}/stat`), 0)
  } catch {
    // The process or one of its threads has ended in between.
    return 0
  }
}
