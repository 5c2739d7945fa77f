import { z } from 'zod'
import { AutomateError, errorFromRecord } from '../core/errors/errors.ts'
import type { Json } from '../core/errors/errors.ts'
import { sanitiseLine } from '../core/text/sanitise.ts'
import { ErrorRecord } from '../model/failure/error-record.ts'
import { Outcome } from '../model/job/outcome.ts'
import { formatPhase } from '../model/job/phase.ts'

/** The end of a workflow, or why the program refused to run it. */
const Printed = z.union([z.object({ outcome: Outcome }), z.object({ error: ErrorRecord })])

/** Enough to know whose words they are. */
const SHOWN_CHARACTERS = 200

/**
 * Returns the result of the workflow from what `automate-tui worker --json` printed.
 * @throws The failure of the workflow, or the refusal of the program with its code; with code `unexpected` when neither was printed.
 */
export function resultOf(stdout: string): Json {
  const printed = parsePrinted(stdout)
  if ('error' in printed) throw errorFromRecord(printed.error)
  const { outcome } = printed
  switch (outcome.status) {
    case 'succeeded':
      return outcome.result
    case 'cancelled':
      throw new AutomateError('cancelled', `The workflow was stopped (${outcome.reason}).`)
    case 'failed':
    case 'timed-out':
    case 'crashed': {
      const error = errorFromRecord(outcome.error)
      if (outcome.phase !== null) error.message = `in ${formatPhase(outcome.phase)}: ${error.message}`
      throw error
    }
  }
}

/** What the workflow itself prints does not come here; what a program prints that it starts does. */
function parsePrinted(stdout: string): z.infer<typeof Printed> {
  try {
    return Printed.parse(JSON.parse(stdout))
  } catch (error) {
    throw new AutomateError(
      'unexpected',
      `The outcome of the workflow cannot be read from ${sanitiseLine(stdout, SHOWN_CHARACTERS)}. If a program that it starts prints this, let that print to stderr.`,
      { cause: error },
    )
  }
}
