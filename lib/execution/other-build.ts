import { PROGRAM } from '../core/process/program.ts'
import { readOrder } from './worker/read-command.ts'

/**
 * Returns whether the scheduler that wrote this launch document is of another build than this process: the package was replaced under it. The document is checked
 * as a whole later; one that cannot be read is reported there.
 */
export function isOtherBuild(launchFile: string): boolean {
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
