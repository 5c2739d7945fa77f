import { z } from 'zod'
import { AutomateError, errorFromRecord } from '../core/errors.ts'
import type { Json } from '../core/errors.ts'
import { sanitiseLine } from '../core/sanitise.ts'
import { Outcome } from '../domain/outcome.ts'
import { formatPhase } from '../domain/phase.ts'

const Ended = z.object({ outcome: Outcome })

/** Enough to know whose words they are. */
const SHOWN_CHARACTERS = 200

/** What `automate-tui worker --json` printed → the result of the workflow. Thrown: its failure; with code `unexpected` when that is no outcome. */
export function resultOf(stdout: string): Json {
  const { outcome } = endedOf(stdout)
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
function endedOf(stdout: string): z.infer<typeof Ended> {
  try {
    return Ended.parse(JSON.parse(stdout))
  } catch (error) {
    throw new AutomateError(
      'unexpected',
      `The outcome of the workflow cannot be read from ${sanitiseLine(stdout, SHOWN_CHARACTERS)}. If a program that it starts prints this, let that print to stderr.`,
      { cause: error },
    )
  }
}
