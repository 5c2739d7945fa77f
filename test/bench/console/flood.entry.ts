import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { delay } from '../../../lib/core/time/timeout.ts'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { findBrowser } from '../../../lib/execution/browser/find/find-browser.ts'
import { countsFrom } from '../../fault/counts.ts'
import { readCpuMs, readPssBytes } from '../harness/process-table.ts'
import { compile } from '../ours/compiled.ts'
import { makeProject } from '../ours/project.ts'
import { WORKERS } from './busy-project.ts'
import { ConsoleTerminal } from './console-terminal.ts'

// npm run bench:flood [-- <lines>]: the resources of an idle console, and its memory during
// millions of lines. Linux only.
const { lines } = countsFrom('bench:flood', { lines: 10_000_000 })

const IDLE_MS = 20_000
/** Time to settle. In its first minute V8 still compiles the code. */
const SETTLE_MS = 60_000
const LINES_A_PIECE = 10_000
const PIECES_A_FILE = 100
/** Interval of the pieces. Each piece is read before the next one, or skipped. */
const PIECE_EVERY_MS = 5
const MEGABYTE = 1_000_000
/** Largest difference between the garbage of two moments. */
const MOST_GROWTH = 64 * MEGABYTE
const MOST_IDLE_SHARE = 0.01

const root = mkdtempSync(join(import.meta.dirname, '..', 'flood-'))
compile(line => process.stderr.write(`${line}\n`))
makeProject(root, { workers: 1, browserPath: findBrowser()?.path ?? '', settings: { warmWorkers: 0 } })
const terminal = new ConsoleTerminal(root)
await terminal.sees('● scheduling')
await delay(SETTLE_MS, systemClock)

const cpuMs = () => readCpuMs(`/proc/${terminal.pid}/stat`)
const before = cpuMs()
await delay(IDLE_MS, systemClock)
const share = (cpuMs() - before) / IDLE_MS
process.stdout.write(`idle: ${(share * 100).toFixed(2)} % of a core\n`)

const folder = new ProjectPaths(root).logs('workers', new Date(systemClock.now()))
const memory: number[] = []
let written = 0
while (written < lines) {
  const file = join(folder, `flood_${Math.floor(written / LINES_A_PIECE / PIECES_A_FILE)}.log`)
  for (let piece = 0; piece < PIECES_A_FILE && written < lines; piece += 1) {
    appendFileSync(file, pieceFrom(written))
    written += LINES_A_PIECE
    await delay(PIECE_EVERY_MS, systemClock)
  }
  memory.push(readPssBytes(terminal.pid))
  process.stdout.write(`${written} lines: ${Math.round((memory.at(-1) ?? 0) / MEGABYTE)} MB\n`)
  rmSync(file)
}
await terminal.close()
rmSync(root, { recursive: true, force: true, maxRetries: 10 })
const growth = (memory.at(-1) ?? 0) - (memory[0] ?? 0)
process.stdout.write(`growth ${Math.round(growth / MEGABYTE)} MB\n`)
process.exitCode = growth <= MOST_GROWTH && share <= MOST_IDLE_SHARE ? 0 : 1

function pieceFrom(first: number): string {
  const at = systemClock.now()
  return Array.from({ length: LINES_A_PIECE }, (_, index) => {
    const number = first + index
    const member = (number % WORKERS) + 1
    const message = `offer ${number} read: the price of bottle ${number % 977} is ${number % 97},90 €`
    const where = { source: 'worker', workerId: `wbench${member}`, jobId: 1, member }
    return `${JSON.stringify({ at, level: 'info', ...where, message })}\n`
  }).join('')
}
