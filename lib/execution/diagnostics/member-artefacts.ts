import { join, relative, sep } from 'node:path'
import type { ProjectPaths } from '../../core/process/paths.ts'
import type { PhasePosition } from '../../model/job/phase.ts'

/** Absolute paths of a worker's artefacts of one job. */
export interface MemberArtefacts {
  readonly log: string
  /** Output of the job's Chrome, including its output during earlier jobs if it was reused. */
  readonly chromeLog: string
  /**
   * Returns the path of the screenshot of a failure in this phase, or before the first phase if
   * null.
   */
  readonly screenshot: (phase: PhasePosition | null) => string
  /** The packed trace. */
  readonly trace: string
  /** Prefix of the names of this worker's artefacts. */
  readonly stem: string
  /**
   * Returns the path relative to the project's root, with "/" as the separator, as documents store
   * it.
   */
  readonly inProject: (path: string) => string
}

export function memberArtefacts(
  paths: ProjectPaths,
  stem: string,
  chromeLog: string,
  startedAt: number,
): MemberArtefacts {
  const day = new Date(startedAt)
  return {
    log: join(paths.logs('workers', day), `${stem}.log`),
    chromeLog,
    trace: join(paths.logs('traces', day), `${stem}.zip`),
    stem,
    screenshot: phase =>
      join(
        paths.logs('screenshots', day),
        phase === null ? `${stem}_start.png` : `${stem}_phase_${phase.index}_${phase.name}.png`,
      ),
    inProject: path => relative(paths.root, path).split(sep).join('/'),
  }
}
