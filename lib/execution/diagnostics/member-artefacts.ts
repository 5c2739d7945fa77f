import { join, relative, sep } from 'node:path'
import type { ProjectPaths } from '../../core/process/paths.ts'
import type { PhasePosition } from '../../model/job/phase.ts'

/** Where everything lies that a worker leaves of one job; absolute paths. */
export interface MemberArtefacts {
  readonly log: string
  /** What the job's Chrome printed: with the jobs before it, where it had any. */
  readonly chromeLog: string
  /** The picture of a failure in this phase, or before the first. */
  readonly screenshot: (phase: PhasePosition | null) => string
  /** The packed trace. */
  readonly trace: string
  /** What names of this worker's artefacts begin with. */
  readonly stem: string
  /** The same path from the project's root, with "/", as documents carry it. */
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
