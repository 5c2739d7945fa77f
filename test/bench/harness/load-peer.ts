import type { z } from 'zod'
import { AutomateError, messageOf } from '../../../lib/core/errors.ts'

/**
 * Imports a package of the bench's own package.json and parses the surface that is used of it.
 * The name is a plain string to the compiler, so that a checkout without the peers still type-checks.
 * @throws AutomateError `environment-unfit` when the package is not there, did not build, or looks different.
 */
export async function loadPeer<T>(name: string, surface: z.ZodType<T>): Promise<T> {
  try {
    const loaded: unknown = await import(name)
    return surface.parse(loaded)
  } catch (error) {
    const [firstLine] = messageOf(error).split('\n')
    throw new AutomateError(
      'environment-unfit',
      `${name} cannot be loaded here (${firstLine ?? 'no reason given'}). Run "npm ci" in test/bench to install it.`,
      { cause: error },
    )
  }
}
