import type { z } from 'zod'
import { AutomateError, messageOf, systemCode } from '../../../lib/core/errors/errors.ts'

/**
 * Returns the reason of a failed import in one line, without the paths of this machine if Node has
 * a code for it.
 */
function reasonOf(error: unknown): string {
  if (systemCode(error) === 'ERR_MODULE_NOT_FOUND') return 'it is not installed'
  return messageOf(error).split('\n')[0] ?? 'no reason given'
}

/**
 * Imports a package of the bench's own package.json and parses its used surface. The name is a
 * plain string to the compiler, so that a checkout without the peers still type-checks.
 * @throws `environment-unfit` if the package is missing, did not build, or looks different.
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
