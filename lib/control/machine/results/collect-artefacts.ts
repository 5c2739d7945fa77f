import { copyFileSync, existsSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { Artefact, CrashDocument, MemberRef } from '../../../model/worker/documents.ts'
import type { TraceSettings } from '../../../model/trace/trace-settings.ts'
import { memberStem } from '../../../files/artefact-stem.ts'
import { lastFrame, readHead, recordingOf, removeRecording } from '../../../files/trace/recording.ts'
import type { Recording } from '../../../files/trace/recording.ts'
import type { TracePacker } from './trace-packer.ts'

export interface ArtefactDependencies {
  readonly paths: ProjectPaths
  readonly log: Log
  readonly packer: Pick<TracePacker, 'pack'>
}

/**
 * Packs or removes the recording of a worker that has ended its part of a job, as `keep` requires.
 * Returns the artefacts that a crash report must name in addition to its own. These are the trace
 * and, if the worker could not take a screenshot of its failure, the last picture of the recording.
 * Never throws.
 */
export function collectArtefacts(
  { paths, log, packer }: ArtefactDependencies,
  member: MemberRef,
  keep: TraceSettings['keep'],
  crash: CrashDocument | null,
  now: number,
): Artefact[] {
  const recording = recordingOf(paths.recordings, memberStem(member))
  const inProject = (path: string) => relative(paths.root, path).split(sep).join('/')
  try {
    const head = readHead(recording)
    const day = new Date(head?.startedAt ?? now)
    const artefacts: Artefact[] = []
    if (crash !== null && !crash.artefacts.some(({ kind }) => kind === 'screenshots')) {
      const picture = keepLastFrame(recording, paths.logs('screenshots', day), crash)
      if (picture !== undefined) artefacts.push({ kind: 'screenshots', path: inProject(picture) })
    }
    if (head === undefined || keep === 'off' || (keep === 'on-failure' && crash === null)) {
      removeRecording(recording)
      return artefacts
    }
    const zipFile = join(paths.logs('traces', day), `${recording.stem}.zip`)
    packer.pack(recording, zipFile, crash?.error.message ?? 'The worker ended.')
    return [...artefacts, { kind: 'traces', path: inProject(zipFile) }]
  } catch (error) {
    log.warn(`The recording of worker ${member.workerId} could not be kept: ${messageOf(error)}`)
    return []
  }
}

/**
 * Copies the last picture of the recording to the screenshots, under a name that marks it as the
 * last frame. Returns its path, or undefined if there is no picture.
 */
function keepLastFrame(recording: Recording, folder: string, { phase }: CrashDocument): string | undefined {
  const frame = lastFrame(recording)
  if (frame === undefined || !existsSync(frame)) return undefined
  const where = phase === null ? 'start' : `phase_${phase.index}_${phase.name}`
  const path = join(folder, `${recording.stem}_${where}_last-frame.jpeg`)
  copyFileSync(frame, path)
  return path
}
