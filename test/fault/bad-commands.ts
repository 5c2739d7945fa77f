import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Command, Option } from 'commander'
import { buildProgram } from '../../bin/program/program.ts'
import { EXIT } from '../../bin/exit-code.ts'
import { until } from '../helpers/until.ts'
import type { Nonsense } from './nonsense.ts'

const RUNS = fileURLToPath(new URL('../fixtures/fault/command-lines.entry.ts', import.meta.url))

/** Commands that only read, or change no more than the project's database. */
const HARMLESS = new Set([
  ...['enqueue', 'jobs', 'depend', 'cancel', 'retry', 'crashes', 'logs', 'status', 'services', 'config'],
  ...['schedules', 'sessions', 'db', 'proxies'],
])

/** Commands that write to any path of their arguments, use the network, or do not end. */
const LEFT_OUT = /^(?:backup|test)$/
const OPTIONS_LEFT_OUT = /--(?:bundle|follow|root|browser|help)\b/

const ENDED = /\nended with (\d+)\n$/

/** Exit codes in the help, except the code for a bug of the program. */
const DOCUMENTED = new Set<number>(Object.values(EXIT).filter(code => code !== EXIT.bug))

/** Runs `count` senseless command lines in a project. Returns the wrong responses. */
export async function badCommands(nonsense: Nonsense, root: string, count: number): Promise<string[]> {
  const child = spawn(process.execPath, [RUNS], { cwd: root, stdio: ['pipe', 'ignore', 'pipe'] })
  const commands = leavesOf(buildProgram(() => undefined))
  const problems: string[] = []
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stdin.on('error', () => undefined)
  const over = once(child, 'close')
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  for (let n = 0; n < count && !isOver(); n += 1) {
    const args = commandLine(nonsense, nonsense.one(commands))
    said = ''
    child.stdin.write(`${JSON.stringify(args)}\n`)
    try {
      await until('its end', () => ENDED.test(said) || isOver())
    } catch {
      problems.push(`${JSON.stringify(args)} does not end: ${said}`)
      child.kill('SIGKILL')
      break
    }
    const code = Number(ENDED.exec(said)?.[1] ?? NaN)
    const shown = `${JSON.stringify(args)} ended with ${code}: ${said}`
    if (!DOCUMENTED.has(code)) problems.push(shown)
    else if (code !== 0 && said.replace(ENDED, '').trim() === '') problems.push(`${shown}: it says nothing`)
    else if (/\n\s+at /.test(said)) problems.push(`${shown}: it shows a stack`)
  }
  child.stdin.end()
  await over
  return problems
}

interface Leaf {
  readonly words: readonly string[]
  readonly command: Command
}

function leavesOf(program: Command): Leaf[] {
  const below = (command: Command, words: readonly string[]): Leaf[] =>
    command.commands
      .filter(one => !LEFT_OUT.test(one.name()))
      .flatMap(one => below(one, [...words, one.name()]))
      .concat(words.length === 0 ? [] : [{ words, command }])
  return below(program, []).filter(({ words: [first = ''] }) => HARMLESS.has(first))
}

function commandLine(nonsense: Nonsense, { words, command }: Leaf): string[] {
  const options = command.options.filter(({ flags }) => !OPTIONS_LEFT_OUT.test(flags))
  const chosen = options.filter(() => nonsense.chance(0.3)).flatMap(option => optionWords(nonsense, option))
  const values = command.registeredArguments
    .filter(({ required }) => required || nonsense.chance(0.5))
    .map(() =>
      nonsense.chance(0.5) ? nonsense.one(['1', '7', 'visits', 'jobs', 'janitor', 'id=1']) : word(nonsense),
    )
  return [...words, ...chosen, ...values, ...(nonsense.chance(0.1) ? [word(nonsense)] : [])]
}

function optionWords(nonsense: Nonsense, { long, required, optional }: Option): string[] {
  const name = long ?? '--json'
  return (required || optional) !== nonsense.chance(0.1) ? [name, word(nonsense)] : [name]
}

/** Returns a word that a shell can pass. */
function word(nonsense: Nonsense): string {
  const text = nonsense.text().replaceAll('\0', '')
  return /^(?:-f|--help|-h)$/.test(text) ? '-' : text
}
