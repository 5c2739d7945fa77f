import { systemClock } from '../../core/time/clock.ts'
import { OTHER_BUILD_EXIT, PROGRAM } from '../../core/process/program.ts'
import { prelaunchBrowser } from '../browser/reuse/prelaunch.ts'
import { endWithParent } from '../wiring.ts'
import { parseWorkerArgs } from './worker-args.ts'
import { readOrder } from './read-command.ts'

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
/**
 * Tells whether a parent holds the other end of the fork channel. A child that starts supervised and finds it let go is an orphan.
 * That the channel was closed before the child was up is learnt in the first turn of the event loop, so one is waited for.
 */
async function hasParent(): Promise<boolean> {
  await new Promise(resolve => setImmediate(resolve))
  return process.connected
}

/**
 * Returns whether the scheduler that wrote this launch document is of another build than this process: the package was replaced under it. The document is checked
 * as a whole later; one that cannot be read is reported there.
 */
function isOtherBuild(launchFile: string): boolean {
  try {
    return buildIn(JSON.parse(readOrder(launchFile))) !== PROGRAM.build
  } catch {
    return false
  }
}

function buildIn(launch: unknown): unknown {
  if (typeof launch !== 'object' || launch === null || !('program' in launch)) return undefined
  const { program } = launch
  return typeof program === 'object' && program !== null && 'build' in program ? program.build : undefined
}
