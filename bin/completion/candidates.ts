import type { Command, Option } from 'commander'
import { JOB_STATES } from '../../lib/model/job/job.ts'

/** One completion of a command line. */
export interface Candidate {
  readonly value: string
  /** Description for shells that show one; empty if there is none. */
  readonly about: string
}

/**
 * Returns the names in a project that can replace a placeholder in a command's usage, such as the
 * names of the workflows for `workflow`, which `<workflow>` stands for.
 */
export type Names = (placeholder: string) => readonly string[]

/** Values of the options that accept only a fixed list. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  '--language': ['en', 'it'],
  '--cdp': ['pipe', 'port'],
  '--state': JOB_STATES,
  '--if-failed': ['cancel', 'run'],
  '--overlap': ['skip', 'queue', 'replace'],
  '--channel': ['telegram', 'webhook', 'bell'],
}

/**
 * Returns the completions of `current`, the word at the cursor, after `words`, the words before it
 * without the program's name. Completions are commands, options, and names in the project. Returns
 * none where any text is valid, such as a file name, because shells complete files by themselves.
 */
export function candidates(
  program: Command,
  words: readonly string[],
  current: string,
  names: Names,
): Candidate[] {
  const place = placeOf(program, words)
  const named = (placeholder: string) => bare(names(placeholder))
  const all =
    place.valueOf !== undefined
      ? valuesOf(place.valueOf, named)
      : current.startsWith('-')
        ? afterDash(optionsAt(place.command), current, named)
        : [...commandsAt(place), ...argumentsAt(place, named)]
  return all.filter(({ value }) => value.startsWith(current))
}

interface Place {
  readonly command: Command
  /** Number of arguments before the cursor. */
  readonly argumentCount: number
  /** Option that expects its value next. */
  readonly valueOf: Option | undefined
}

function placeOf(program: Command, words: readonly string[]): Place {
  let place: Place = { command: program, argumentCount: 0, valueOf: undefined }
  for (const word of words) place = placeAfter(place, word)
  return place
}

function placeAfter({ command, argumentCount, valueOf }: Place, word: string): Place {
  if (valueOf !== undefined) return { command, argumentCount, valueOf: undefined }
  if (word.startsWith('-')) {
    const option = optionsAt(command).find(({ long, short }) => long === word || short === word)
    return { command, argumentCount, valueOf: option?.required === true ? option : undefined }
  }
  const below = argumentCount > 0 ? undefined : command.commands.find(one => one.name() === word)
  return below === undefined
    ? { command, argumentCount: argumentCount + 1, valueOf: undefined }
    : { command: below, argumentCount: 0, valueOf: undefined }
}

/** Returns the options that `--help` lists for a command. */
function optionsAt(command: Command): readonly Option[] {
  const help = command.createHelp()
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)]
}

/**
 * Returns the completions of a word that begins with a dash: options, or for `--state=` its values,
 * such as `--state=failed`.
 */
function afterDash(
  options: readonly Option[],
  current: string,
  named: (placeholder: string) => Candidate[],
): Candidate[] {
  const flag = /^(--[a-z-]+)=/.exec(current)?.[1]
  if (flag === undefined) {
    return options.flatMap(({ long, description }) =>
      typeof long === 'string' ? { value: long, about: description } : [],
    )
  }
  return options
    .filter(({ long }) => long === flag)
    .flatMap(option => valuesOf(option, named))
    .map(({ value, about }) => ({ value: `${flag}=${value}`, about }))
}

function valuesOf({ long, flags }: Option, named: (placeholder: string) => Candidate[]): Candidate[] {
  return [...bare(CHOICES[long ?? ''] ?? []), ...named(/[<[]([^<>[\]]+)[>\]]/.exec(flags)?.[1] ?? '')]
}

function commandsAt({ command, argumentCount }: Place): Candidate[] {
  if (argumentCount > 0) return []
  return command
    .createHelp()
    .visibleCommands(command)
    .map(one => ({ value: one.name(), about: one.description() }))
}

function argumentsAt(
  { command, argumentCount }: Place,
  named: (placeholder: string) => Candidate[],
): Candidate[] {
  const last = command.registeredArguments.at(-1)
  const next = command.registeredArguments[argumentCount] ?? (last?.variadic === true ? last : undefined)
  if (next === undefined) return []
  return next.argChoices === undefined ? named(next.name()) : bare(next.argChoices)
}

const bare = (values: readonly string[]): Candidate[] => values.map(value => ({ value, about: '' }))
