import { CommanderError } from 'commander'
import { isAutomateError, messageOf } from '../lib/core/errors.ts'
import { sanitiseBlock } from '../lib/core/sanitise.ts'
import { EXIT, exitCodeOf } from './exit-code.ts'
import type { ExitCode } from './exit-code.ts'
import { buildProgram } from './program.ts'

/** Runs one command line and answers its exit code. Errors are told on stderr: what happened and what to do. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  // A reader that has gone (`| head`, a closed window) is no reason to end with an error, nor to end a scheduler.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  let exitCode: ExitCode = EXIT.done
  const program = buildProgram(code => {
    exitCode = code
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage
    const text =
      isAutomateError(error) || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message)
    process.stderr.write(`automate-tui: ${sanitiseBlock(text)}\n`)
    return exitCodeOf(error)
  }
}
