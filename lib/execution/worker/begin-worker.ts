import { systemClock } from '../../core/time/clock.ts'
import { OTHER_BUILD_EXIT } from '../../core/process/program.ts'
import { prelaunchBrowser } from '../browser/reuse/prelaunch.ts'
import { hasParent } from './has-parent.ts'
import { isOtherBuild } from '../other-build.ts'
import { endWithParent } from '../wiring.ts'
import { parseWorkerArgs } from './worker-args.ts'

/**
 * A worker process from its arguments to its exit code: see `runWorker`. Starts Chrome with the few modules that this takes, and loads the others meanwhile.
 * Thrown before there is a log: wrong arguments (`usage`), a document that cannot be read (`document-invalid`).
 */
export async function beginWorker(argv: readonly string[], leave: (code: number) => void): Promise<number> {
  const args = parseWorkerArgs(argv)
  if (args.supervised && !(await hasParent())) return 0
  if (isOtherBuild(args.launch)) return OTHER_BUILD_EXIT
  endWithParent()
  const early = prelaunchBrowser(args.launch, systemClock.now())
  try {
    const { runWorker } = await import('./run-worker.ts')
    return await runWorker(args, early, leave)
  } finally {
    // An ordinary end has closed it; a worker that could not begin has not.
    early?.chrome.kill()
  }
}
