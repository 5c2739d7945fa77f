import type { Command } from 'commander'

/** Collects the values of an option that may be repeated. */
export const repeated = (value: string, list: readonly string[]): readonly string[] => [...list, value]

const INPUT =
  'one field of the input, as JSON (3, true, ["a"]) if the field accepts it, else as text; repeatable'

/** Adds the options for the input of a job. */
export function inputOptions(command: Command): Command {
  return command
    .option('--input <key=value>', INPUT, repeated, [])
    .option('--input-file <file>', 'JSON file with the input')
}
