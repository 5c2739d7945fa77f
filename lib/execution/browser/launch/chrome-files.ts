import { existsSync, readdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { ChromeFolders } from './chrome-flags.ts'

/** Where everything lies that one Chrome leaves; absolute paths. */
export interface ChromeFiles extends ChromeFolders {
  /** Its stdout and stderr. */
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
 * Names the output of a running Chrome after the one job that it works for, and tells where it is then. A system that does not let go of the name keeps it:
 * the job's reports tell the name that it has.
 */
export function nameOutputAfter(files: ChromeFiles, stem: string): ChromeFiles {
  const output = join(dirname(files.output), `${stem}.log`)
  return moved(files.output, output) ? { ...files, output } : files
}

/** Names the dumps that a Chrome which has ended has left, if any, after the one job that it worked for. */
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
