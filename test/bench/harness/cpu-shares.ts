import { readFileSync, readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { readCpuMs } from './process-table.ts'
import type { ProcessRow } from './process-table.ts'

/**
 * Whose CPU time it is. `store` is the store's thread in our program; `other` a peer's own process,
 * a reaper, and what ended unseen.
 */
export const PARTS = ['Chrome', 'workers', 'program', 'store', 'other'] as const
export type Part = (typeof PARTS)[number]
export type CpuParts = Readonly<Record<Part, number>>

/**
 * Node's name for the threads of `node:worker_threads`; our program has one that lives, the
 * store's.
 */
const STORE_THREAD = 'WorkerThread'

/**
 * Tells whose CPU time is whose, from looks at the processes while they live: what a process does
 * after the last look at it is nobody's.
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

  /** The milliseconds of each part, of `totalMs` altogether. */
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
    // Chrome may write its own anew, with blanks.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/)
  } catch {
    // It ended meanwhile.
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
    // It, or one of its threads, ended meanwhile.
    return 0
  }
}
