import { z } from 'zod'
import { ERROR_CODES } from '../core/errors/error-codes.ts'
import { durationMs } from '../core/time/duration.ts'
import { AutomateError, messageOf } from '../core/errors/errors.ts'
import { describeIssues } from '../model/issues.ts'
import { PhaseName } from '../model/job/phase.ts'
import type { PhaseSpec } from './workflow-runtime.ts'

/** More tries than this are a loop, which the phase can write itself; each one stands in the history. */
const MAX_PHASE_RETRIES = 20

const Retries = z.object({
  retries: z.exactOptional(z.int().min(0).max(MAX_PHASE_RETRIES)),
  retryOn: z.exactOptional(z.array(z.enum(ERROR_CODES))),
})

/** What an author says of a phase, checked. Thrown with code `workflow-invalid`; the message names the workflow, the phase and the option. */
export function checkPhase(
  workflow: string,
  phases: readonly PhaseSpec[],
  name: string,
  options: unknown,
  fn: unknown,
): PhaseSpec {
  const fail = (why: string, cause?: unknown) =>
    new AutomateError('workflow-invalid', `Workflow "${workflow}", phase "${name}": ${why}`, { cause })
  if (!PhaseName.safeParse(name).success) {
    throw fail('a phase name is a word of letters, digits, "_" and "-", at most 40, such as "open_shop".')
  }
  if (phases.some(phase => phase.name === name)) throw fail('there is already a phase of this name.')
  if (typeof fn !== 'function') throw fail('the third argument must be the function that the phase runs.')
  const timeout = z.object({ timeout: z.union([z.number(), z.string()]) }).safeParse(options)
  if (!timeout.success) throw fail('it has no limit. Give one, such as { timeout: "20s" }.')
  const again = Retries.safeParse(options)
  if (!again.success) throw fail(`${describeIssues(again.error)}.`)
  try {
    return { name, timeoutMs: durationMs(timeout.data.timeout), ...again.data }
  } catch (error) {
    throw fail(messageOf(error), error)
  }
}
