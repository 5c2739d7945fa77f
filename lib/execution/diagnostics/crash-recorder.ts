import { existsSync } from 'node:fs'
import { replaceFile } from '../../core/disk/whole-file.ts'
import type { Clock } from '../../core/time/clock.ts'
import { messageOf } from '../../core/errors/errors.ts'
import type { ErrorRecord } from '../../core/errors/errors.ts'
import type { Redact } from '../../core/text/redact.ts'
import type { CrashDocument, MemberRef } from '../../model/worker/documents.ts'
import type { PhasePosition } from '../../model/job/phase.ts'
import { redactCrash } from '../../model/failure/redact-crash.ts'
import { writeJsonSync } from '../../files/documents/atomic-json.ts'
import type { WorkerLog } from '../worker/worker-log.ts'
import type { WorkerState } from '../worker/worker-state.ts'
import { writeCrashFile } from '../../files/documents/crash-file.ts'
import type { MemberArtefacts } from './member-artefacts.ts'

export interface RecorderOptions {
  /** `data/crashes`. */
  readonly folder: string
  readonly member: MemberRef
  readonly files: MemberArtefacts
  readonly state: WorkerState
  readonly log: WorkerLog
  readonly clock: Clock
  readonly redact: Redact
}

/** A crash report on disk. */
export interface WrittenCrash {
  readonly path: string
  readonly crash: CrashDocument
}

/**
 * Writes the crash report of one worker: at once with the known facts, then again with the
 * screenshot.
 */
export class CrashRecorder {
  private readonly options: RecorderOptions
  private report: WrittenCrash | undefined

  constructor(options: RecorderOptions) {
    this.options = options
  }

  /** The report that is on disk; undefined if none has been written. */
  get written(): WrittenCrash | undefined {
    return this.report
  }

  /**
   * Writes the report, synced to disk, and returns true if that succeeded. `url` is the address of
   * the failed page, by default the address of the job's own page. Synchronous; never throws,
   * because a full disk must not hide the failure from the outcome.
   */
  record(error: ErrorRecord, phase: PhasePosition | null, url = this.options.state.url): boolean {
    const { folder, member, files, state, log, clock, redact } = this.options
    log.error(`${error.code}: ${error.message}`)
    const crash: CrashDocument = {
      kind: 'crash',
      version: 1,
      ...member,
      at: clock.now(),
      writtenBy: 'worker',
      error,
      phase,
      url,
      browserVersion: state.browserVersion,
      exitCode: null,
      signal: null,
      lastLines: log.lastLines(),
      artefacts: [
        { kind: 'workers', path: files.inProject(files.log) },
        { kind: 'chrome', path: files.inProject(files.chromeLog) },
      ].filter((_, i) => existsSync(i === 0 ? files.log : files.chromeLog)),
    }
    try {
      const redacted = redactCrash(crash, redact)
      this.report = { path: writeCrashFile(folder, redacted), crash: redacted }
      return true
    } catch (reason) {
      log.error(`the crash report could not be written: ${messageOf(reason)}`)
      return false
    }
  }

  /** Saves the screenshot of the failure and adds its path to the report. Never throws. */
  addScreenshot(png: Uint8Array, phase: PhasePosition | null): void {
    const { files, log } = this.options
    try {
      const path = files.screenshot(phase)
      replaceFile(path, png)
      if (this.report === undefined) return
      const artefacts = [...this.report.crash.artefacts, { kind: 'screenshots', path: files.inProject(path) }]
      const crash = { ...this.report.crash, artefacts }
      writeJsonSync(this.report.path, crash, { durable: true })
      this.report = { path: this.report.path, crash }
    } catch (reason) {
      log.warn(`the screenshot could not be kept: ${messageOf(reason)}`)
    }
  }
}
