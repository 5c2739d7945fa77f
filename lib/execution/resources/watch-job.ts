import type { Clock } from '../../core/time/clock.ts'
import type { AutomateError } from '../../core/errors/errors.ts'
import type { JobLimits } from '../../model/job/job-limits.ts'
import { folderUse } from '../../core/disk/folder-use.ts'
import { ownMemory } from '../../platform/process/own-memory.ts'
import { SharedFiles } from '../../platform/memory/shared-files.ts'
import { treeBytes } from '../../platform/process/process-tree-usage.ts'
import { ResourceWatch } from './resource-watch.ts'

/** Part of the job's browser that the watch of its resources needs. */
export interface LimitedBrowser {
  readonly profile: string | undefined
  readonly crashDumps: string | undefined
  fail(error: AutomateError): void
}

/**
 * Returns the watch over the resources of this process and its browser. The watch ends a browser
 * that exceeds a limit.
 */
export function watchJob(
  browser: LimitedBrowser,
  browserPid: () => number | null,
  limits: JobLimits,
  clock: Clock,
): ResourceWatch {
  const files = new SharedFiles()
  return new ResourceWatch({
    ...{ clock, limits },
    memory: async () => {
      const pid = browserPid()
      const own = ownMemory()
      return own + (pid === null ? 0 : ((await treeBytes(pid, limits.memoryBytes - own, files)) ?? 0))
    },
    profile: async (most, over) => {
      const folders = [browser.profile, browser.crashDumps].filter(folder => folder !== undefined)
      return folders.length === 0 ? undefined : folderUse(folders, most, over)
    },
    onExceeded: error => browser.fail(error),
  })
}
