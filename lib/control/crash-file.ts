import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** A free name `job_<id>_<ts>.json` in the folder of crash files; `ts` is in milliseconds and is raised where two would share one. */
export function crashFileName(folder: string, jobId: number, at: number): string {
  for (let ts = at; ; ts++) {
    const path = join(folder, `job_${jobId}_${ts}.json`)
    if (!existsSync(path)) return path
  }
}
