import { existsSync, writeFileSync } from 'node:fs'
import type { Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { ErrorRecord } from '../../core/errors.ts'
import type { CrashDocument, MemberRef } from '../../domain/documents.ts'
import type { PhasePosition } from '../../domain/phase.ts'
import { writeJsonSync } from '../../files/atomic-json.ts'
import type { WorkerLog } from '../worker-log.ts'
import type { WorkerState } from '../worker-state.ts'
import { writeCrashFile } from '../../files/crash-file.ts'
import type { MemberFiles } from './member-files.ts'

const PRIVATE_FILE = 0o600

export interface RecorderOptions {
  /** `data/crashes`. */
  readonly folder: string
  readonly member: MemberRef
  readonly files: MemberFiles
  readonly state: WorkerState
  readonly log: WorkerLog
  readonly clock: Clock
}

/** Writes the crash report of one worker: at once what is known, then again with its picture. */
export class CrashRecorder {
  private readonly options: RecorderOptions
  private written: { readonly path: string; readonly crash: CrashDocument } | undefined

  constructor(options: RecorderOptions) {
    this.options = options
  }

  /** Writes the report, synced to disk. Synchronous; never throws: a full disk must not hide the failure from the outcome. */
  record(error: ErrorRecord, phase: PhasePosition | null): void {
    const { folder, member, files, state, log, clock } = this.options
    log.error(`${error.code}: ${error.message}`)
    const crash: CrashDocument = {
      kind: 'crash',
      version: 1,
      ...member,
      at: clock.now(),
      writtenBy: 'worker',
      error,
      phase,
      url: state.url,
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
      this.written = { path: writeCrashFile(folder, crash), crash }
    } catch (reason) {
      log.error(`the crash report could not be written: ${messageOf(reason)}`)
    }
  }

  /** Keeps the picture of the failure and names it in the report. Never throws. */
  addScreenshot(png: Uint8Array, phase: PhasePosition | null): void {
    const { files, log } = this.options
    try {
      const path = files.screenshot(phase)
      writeFileSync(path, png, { mode: PRIVATE_FILE })
      if (this.written === undefined) return
      const { crash } = this.written
      const artefacts = [...crash.artefacts, { kind: 'screenshots', path: files.inProject(path) }]
      writeJsonSync(this.written.path, { ...crash, artefacts }, { durable: true })
    } catch (reason) {
      log.warn(`the screenshot could not be kept: ${messageOf(reason)}`)
    }
  }
}
