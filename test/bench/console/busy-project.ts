import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import type { WorkerDocument } from '../../../lib/model/worker/documents.ts'
import { writeJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { openLog } from '../../../lib/files/logs/log-writer.ts'
import type { LogWriter } from '../../../lib/files/logs/log-writer.ts'

export const WORKERS = 32
export const LINES_A_SECOND = 5_000

/** Length of a burst. Real workers write lines in bursts. */
const BURST_MS = 20
/** Approximate interval of each worker's updates of its document. */
const DOCUMENTS_EVERY_MS = 200

/** Output of 32 workers in a project: their logs, line by line, and their state documents. */
export class BusyProject {
  private readonly paths: ProjectPaths
  private readonly logs: readonly LogWriter[]
  private readonly files: readonly string[]
  private lines = 0
  private begun = 0
  private forget: () => void = () => undefined
  private forgetDocuments: () => void = () => undefined

  constructor(root: string) {
    this.paths = new ProjectPaths(root)
    const folder = this.paths.logs('workers', new Date(systemClock.now()))
    const members = Array.from({ length: WORKERS }, (_, index) => index + 1)
    this.files = members.map(member => join(folder, `job_1_attempt_1_member_${member}.log`))
    this.logs = this.files.map((file, index) =>
      openLog({
        source: 'worker',
        pathAt: () => file,
        context: { workerId: workerId(index + 1), jobId: 1, member: index + 1 },
      }),
    )
  }

  start(): void {
    this.begun = systemClock.monotonic()
    const write = () => {
      const due = ((systemClock.monotonic() - this.begun) / 1_000) * LINES_A_SECOND
      while (this.lines < due) this.writeLine()
      this.forget = systemClock.after(BURST_MS, write)
    }
    const tell = () => {
      for (let member = 1; member <= WORKERS; member += 1) {
        writeJsonSync(join(this.paths.workerStates, `${workerId(member)}.json`), workerDocument(member))
      }
      this.forgetDocuments = systemClock.after(DOCUMENTS_EVERY_MS, tell)
    }
    write()
    tell()
  }

  /**
   * Stops, and counts the lines of the files.
   * @throws `result-invalid` if a line is missing.
   */
  stop(): number {
    this.forget()
    this.forgetDocuments()
    this.logs.forEach(log => log.close())
    const kept = this.files.reduce((sum, file) => sum + readFileSync(file, 'utf8').split('\n').length - 1, 0)
    if (kept !== this.lines)
      throw new AutomateError('result-invalid', `Of ${this.lines} lines ${kept} are in the files.`)
    return kept
  }

  private writeLine(): void {
    const log = this.logs[this.lines % WORKERS]
    log?.info(`offer ${this.lines} read: the price of bottle ${this.lines % 977} is ${this.lines % 97},90 €`)
    this.lines += 1
  }
}

const workerId = (member: number): string => `wbench${String(member).padStart(3, '0')}`

/**
 * Returns the document of a worker in the middle of a phase. Its step changes with every document.
 */
function workerDocument(member: number): WorkerDocument {
  const now = systemClock.now()
  return {
    ...{ kind: 'worker', version: 2, workerId: workerId(member), jobs: 1, state: 'busy', pid: process.pid },
    job: { jobId: 1, attempt: 1, start: 'cold', member, members: WORKERS, workflow: 'bench' },
    ...{ processes: [], startedAt: now - 60_000, updatedAt: now, history: [], browser: null, outcome: null },
    phase: {
      ...{ index: 2, count: 6, name: 'read_price', step: `bottle ${now % 10_000}` },
      ...{ startedAt: now - 3_000, deadlineAt: now + 27_000 },
    },
    ...{ url: 'http://localhost/', memoryBytes: 150_000_000, log: '' },
  }
}
