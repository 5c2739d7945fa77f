import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ARTEFACT_KINDS, dayName } from '../core/process/paths.ts'
import type { ProjectPaths } from '../core/process/paths.ts'
import type { Artefact } from '../model/worker/documents.ts'

const DAY_MS = 24 * 60 * 60 * 1_000

/** Precision of the times of files: FAT stores them in steps of two seconds. */
const FILE_TIME_MS = 2_000

/** Longest time, in days before the end of a job, for which its files are searched. */
const MOST_DAYS = 31

/**
 * Returns the files of a job's workers in the folders of logs, from the time it was queued until
 * its end: by day and kind, as paths from the project's root with "/". A file that was last written
 * before the job was queued belongs to a job of a replaced database with the same number.
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
      // A day without files has no folder.
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

/** Returns the time of the last write; undefined for a file that was just removed. */
async function writtenAt(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found?.mtimeMs
}

/** Returns the names of the days, oldest first. */
function daysBetween(from: number, until: number): string[] {
  const first = Math.max(from, until - (MOST_DAYS - 1) * DAY_MS)
  const days = new Set<string>()
  for (let at = first; at < until; at += DAY_MS) days.add(dayName(new Date(at)))
  return [...days.add(dayName(new Date(until)))]
}
