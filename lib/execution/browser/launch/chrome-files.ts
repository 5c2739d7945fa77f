import { existsSync, readdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { ChromeFolders } from './chrome-flags.ts'

/** Absolute paths of all files and folders that one Chrome writes. */
export interface ChromeFiles extends ChromeFolders {
  /** File of Chrome's stdout and stderr. */
  readonly output: string
}

export function chromeFiles(
  paths: ProjectPaths,
  stem: string,
  profile: string,
  startedAt: number,
): ChromeFiles {
  const day = new Date(startedAt)
  return {
    profile: join(paths.profiles, profile),
    ports: paths.ports,
    crashDumps: join(paths.logs('crashdumps', day), stem),
    output: join(paths.logs('chrome', day), `${stem}.log`),
  }
}

/**
 * Renames the output file of a running Chrome to the stem of its only job, and returns the new
 * paths. If the system refuses the rename, the old path stays, and the job's reports name it.
 */
export function nameOutputAfter(files: ChromeFiles, stem: string): ChromeFiles {
  const output = join(dirname(files.output), `${stem}.log`)
  return moved(files.output, output) ? { ...files, output } : files
}

/**
 * Renames the folder of an exited Chrome's crash dumps, if there are any, to the stem of its only
 * job.
 */
export function nameDumpsAfter(files: ChromeFiles, stem: string): void {
  if (dumpsIn(files.crashDumps)) moved(files.crashDumps, join(dirname(files.crashDumps), stem))
}

function dumpsIn(folder: string): boolean {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).some(name => name.endsWith('.dmp'))
  } catch {
    return false
  }
}

function moved(from: string, to: string): boolean {
  try {
    if (from === to || existsSync(to)) return from === to
    renameSync(from, to)
    return true
  } catch {
    return false
  }
}
