import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ARTEFACT_KINDS, dayName } from '../core/process/paths.ts'
import type { ProjectPaths } from '../core/process/paths.ts'
import type { Artefact } from '../model/worker/documents.ts'

const DAY_MS = 24 * 60 * 60 * 1_000

/** Precision of file times. FAT stores them in steps of two seconds. */
const FILE_TIME_MS = 2_000

/** Number of days, back from the end of a job, in which its files are searched at most. */
const MOST_DAYS = 31

/**
 * Returns the files of a job's workers in the log folders, from the time when the job was queued
 * until its end, ordered by day and kind. Paths are relative to the project and use "/". A file
 * that was last written before the job was queued is left out. It belongs to a job of the same
 * number in a database that has since been replaced.
 */
export async function jobArtefacts(
  { root }: ProjectPaths,
  id: number,
  from: number,
  until: number,
): Promise<Artefact[]> {
  const folders = daysBetween(from, until).flatMap(day =>
    ARTEFACT_KINDS.map(kind => ({ kind, folder: `logs/${day}/${kind}` })),
  )
  const found = await Promise.all(
    folders.map(async ({ kind, folder }) => {
      // There is no folder for a day without files.
      const names = await readdir(join(root, folder)).catch(() => [])
      const own = names.filter(name => name.startsWith(`job_${id}_`)).sort()
      const written = await Promise.all(own.map(name => writtenAt(join(root, folder, name))))
      return own
        .filter((_name, place) => (written[place] ?? 0) >= from - FILE_TIME_MS)
        .map(name => ({ kind, path: `${folder}/${name}` }))
    }),
  )
  return found.flat()
}

/**
 * Returns the time of the last write in epoch ms; undefined for a file that has just been removed.
 */
async function writtenAt(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found?.mtimeMs
}

/** Returns the folder names of the days in the range, oldest first. */
function daysBetween(from: number, until: number): string[] {
  const first = Math.max(from, until - (MOST_DAYS - 1) * DAY_MS)
  const days = new Set<string>()
  for (let at = first; at < until; at += DAY_MS) days.add(dayName(new Date(at)))
  return [...days.add(dayName(new Date(until)))]
}
