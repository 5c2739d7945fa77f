import type { Command } from 'commander'
import { repeated } from './repeated.ts'

const INPUT =
  'one field of the input, as JSON (3, true, ["a"]) where it takes that, or as text; may be repeated'

/** Adds the options that give a job its input. */
export function inputOptions(command: Command): Command {
  return command
    .option('--input <key=value>', INPUT, repeated, [])
    .option('--input-file <file>', 'a JSON file with the input')
}
