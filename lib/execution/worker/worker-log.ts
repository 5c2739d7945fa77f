import { appendFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../../core/time/clock.ts'
import { boundFile } from '../../core/disk/bounded-file.ts'
import { systemCode } from '../../core/errors/errors.ts'
import { TEXT_LIMIT, sanitiseLine } from '../../core/text/sanitise.ts'
import { withoutColours } from '../../core/secrets/coloured-text.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import type { LogLevel, LogLine } from '../../model/log-line.ts'
import type { MemberRef } from '../../model/worker/documents.ts'
import { withoutSecrets } from '../../model/failure/error-text.ts'

/** Number of the newest log lines in a crash report. */
const LAST_LINES = 40

const PRIVATE_FILE = 0o600

/** A worker's log. `lastLines` are the newest lines, oldest first, for the crash report. */
export interface WorkerLog {
  info(message: string): void
  warn(message: string): void
  error(message: string): void
  /** Sets the phase of later lines; null between phases. */
  inPhase(name: string | null): void
  lastLines(): string[]
}

/** Source of log lines: a worker between jobs, or its part of a job. */
export type LogSource = Pick<MemberRef, 'workerId'> & Partial<Pick<MemberRef, 'jobId' | 'member'>>

/** Creates a log that passes every complete line to `write`. */
export function createWorkerLog(source: LogSource, clock: Clock, write: (line: LogLine) => void): WorkerLog {
  const last: string[] = []
  let phase: string | null = null
  const add = (level: LogLevel) => (text: string) => {
    const message = sanitiseLine(withoutSecrets(knownSecrets.redact(withoutColours(text)), TEXT_LIMIT))
    const line: LogLine = {
      at: clock.now(),
      level,
      source: 'worker',
      message,
      workerId: source.workerId,
      ...(source.jobId === undefined ? {} : { jobId: source.jobId }),
      ...(source.member === undefined ? {} : { member: source.member }),
      ...(phase === null ? {} : { phase }),
    }
    last.push(`${new Date(line.at).toISOString()} ${level} ${message}`)
    if (last.length > LAST_LINES) last.shift()
    write(line)
  }
  return {
    info: add('info'),
    warn: add('warn'),
    error: add('error'),
    inPhase: name => {
      phase = name
    },
    lastLines: () => [...last],
  }
}

export interface LogFileOptions {
  readonly path: string
  /** Maximum size of the file. A longer file retains only its first and its last part. */
  readonly limitBytes: number
  /** Recreates a folder of the project. */
  readonly ensureFolder: (path: string) => void
  /** Called when lines begin to be lost. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Returns a function that appends each line to a file at once, so that lines survive a kill of the
 * worker. If the disk is full, the line is lost, but the job continues.
 */
export function appendTo({
  path,
  limitBytes,
  ensureFolder,
  onFailure,
}: LogFileOptions): (line: LogLine) => void {
  let bytes = 0
  let isFailing = false
  return line => {
    // A full disk may have cut the last line, so a line break has to precede the next one.
    const text = `${isFailing ? '\n' : ''}${JSON.stringify(line)}\n`
    try {
      append(path, text, ensureFolder)
      isFailing = false
    } catch (error) {
      if (!isFailing) onFailure(error)
      isFailing = true
      return
    }
    try {
      bytes += Buffer.byteLength(text)
      if (bytes <= limitBytes) return
      boundFile(path, limitBytes)
      bytes = statSync(path).size
    } catch {
      // A file that exceeds its limit does no harm, and the next line tries again.
    }
  }
}

/**
 * Appends text, and recreates the folder if necessary. A job that began before midnight uses the
 * folder of the day before, which may have been removed.
 */
function append(path: string, text: string, ensureFolder: (path: string) => void): void {
  try {
    appendFileSync(path, text, { mode: PRIVATE_FILE })
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    ensureFolder(dirname(path))
    appendFileSync(path, text, { mode: PRIVATE_FILE })
  }
}
