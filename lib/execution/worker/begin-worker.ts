import { systemClock } from '../../core/time/clock.ts'
import { OTHER_BUILD_EXIT, PROGRAM } from '../../core/process/program.ts'
import { prelaunchBrowser } from '../browser/reuse/prelaunch.ts'
import { endWithParent } from '../wiring.ts'
import { parseWorkerArgs } from './worker-args.ts'
import { readOrder } from './read-command.ts'

/**
 * Runs a worker process from its arguments to its exit code (see `runWorker`). Loads only the few
 * modules that a start of Chrome needs, and the others while Chrome starts.
 * @throws `usage` if the arguments are wrong; `document-invalid` if a document cannot be read.
 * There is no log yet.
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
    // An ordinary end has closed this Chrome already, but a worker that could not begin has not.
    early?.chrome.kill()
  }
}
/**
 * True if a parent holds the other end of the fork channel. A supervised worker without a parent is
 * an orphan. If the channel closed before the process started, Node notices it in the first turn of
 * the event loop, so this function waits for one turn.
 */
async function hasParent(): Promise<boolean> {
  await new Promise(resolve => setImmediate(resolve))
  return process.connected
}

/**
 * True if the scheduler that wrote this launch document has another build than this process,
 * because the package was replaced. The full check of the document follows later, and reports a
 * document that cannot be read.
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
