import { setImmediate } from 'node:timers/promises'
import { CommanderError } from 'commander'
import { messageOf } from '../lib/core/errors/errors.ts'
import { sanitiseBlock } from '../lib/core/text/sanitise.ts'
import { EXIT, exitCodeOf } from './exit-code.ts'
import { errorText, explainSystemError } from './faults/error-text.ts'
import { hadUncaughtError, watchUncaughtErrors } from './faults/uncaught-errors.ts'
import type { ExitCode } from './exit-code.ts'
import { buildProgram } from './program/program.ts'
import { lostOutput, watchStandardStreams } from './standard-streams/standard-streams.ts'
import { replacedMeanwhile } from './upgrade/replaced-meanwhile.ts'
import './upgrade/start-environment.ts'

export { endHeldProcess } from './faults/end-held-process.ts'

/**
 * Runs a command line and returns its exit code. Errors are printed on stderr with their remedies.
 */
export async function main(args: readonly string[]): Promise<ExitCode> {
  watchStandardStreams()
  watchUncaughtErrors()
  let exitCode: ExitCode = EXIT.done
  const program = buildProgram(code => {
    exitCode = code
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    if (await reportLostOutput()) return EXIT.environmentUnfit
    return hadUncaughtError() ? EXIT.bug : exitCode
  } catch (thrown) {
    const error = replacedMeanwhile(thrown) ?? thrown
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) return EXIT.wrongUsage
      return (await reportLostOutput()) ? EXIT.environmentUnfit : EXIT.done
    }
    process.stderr.write(`automate-tui: ${errorText(error)}\n`)
    return explainSystemError(error) === undefined ? exitCodeOf(error) : EXIT.environmentUnfit
  }
}

/**
 * Prints on stderr why stdout is incomplete, and returns true. Returns false if all output was
 * written, or if printing is not the purpose of the command.
 */
async function reportLostOutput(): Promise<boolean> {
  // Node reports a write error only after the code that wrote has returned.
  await setImmediate()
  const error = lostOutput()
  if (error === undefined) return false
  const reason = explainSystemError(error) ?? messageOf(error)
  process.stderr.write(`automate-tui: The output is incomplete: ${sanitiseBlock(reason)}\n`)
  return true
}
