import type { z } from 'zod'
import { AutomateError, messageOf, systemCode } from '../../../lib/core/errors/errors.ts'

/**
 * One line of why an import failed, without the paths of this machine where Node has a code for it.
 */
function reasonOf(error: unknown): string {
  if (systemCode(error) === 'ERR_MODULE_NOT_FOUND') return 'it is not installed'
  return messageOf(error).split('\n')[0] ?? 'no reason given'
}

/**
 * Imports a package of the bench's own package.json and parses the surface that is used of it. The
 * name is a plain string to the compiler, so that a checkout without the peers still type-checks.
 * @throws AutomateError `environment-unfit` when the package is not there, did not build, or looks
 * different.
 */
export async function loadPeer<T>(name: string, surface: z.ZodType<T>): Promise<T> {
  try {
    const loaded: unknown = await import(name)
    return surface.parse(loaded)
  } catch (error) {
    throw new AutomateError(
      'environment-unfit',
      `${name} cannot be loaded: ${reasonOf(error)}. Run "npm ci" in test/bench to install the peers.`,
      { cause: error },
    )
  }
}
