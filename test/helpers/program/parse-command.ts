import { commandsOf } from '../../../bin/program/examples.ts'
import { buildProgram } from '../../../bin/program/program.ts'

/** Returns the words of a command line after the program's name, as a shell splits them. */
export function wordsOf(line: string): string[] {
  const [, rest = ''] = /automate-tui\b([^|>)#]*)/.exec(line) ?? []
  return [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
}

/**
 * Returns the name of the command that a command line calls. Rejects with the error of a wrong
 * command line.
 */
export async function parseCommand(words: readonly string[]): Promise<string> {
  const program = buildProgram(() => undefined)
  const meant: string[] = []
  for (const [path, command] of commandsOf(program)) {
    command.action(() => void meant.push(path))
    command.configureOutput({ writeErr: () => undefined, outputError: () => undefined })
  }
  await program.parseAsync(words, { from: 'user' })
  return meant[0] ?? 'nothing'
}
