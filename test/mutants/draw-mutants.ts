import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Instrumenter } from '@stryker-mutator/instrumenter'

/**
 * Folders of lib with mutated code. The tests of each are in the folder of test with the same name.
 */
export const MODULES = ['config', 'control', 'core', 'files', 'model', 'store'] as const
export type Module = (typeof MODULES)[number]

/** Change of the code that a test should notice. */
export interface Mutant {
  /** Equal in each run with the same code. */
  readonly name: string
  readonly module: Module
  /** Path relative to the tree. */
  readonly file: string
  readonly mutator: string
  /** First and last offset in the file. */
  readonly from: number
  readonly to: number
  readonly replacement: string
}

const ignore = () => undefined
const QUIET = {
  ...{ trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore, fatal: ignore },
  ...{ isTraceEnabled: () => false, isDebugEnabled: () => false, isInfoEnabled: () => false },
  ...{ isWarnEnabled: () => false, isErrorEnabled: () => false, isFatalEnabled: () => false },
}

const OPTIONS = { excludedMutations: [], ignorers: [], noHeader: true, plugins: null }

/** Returns `count` mutants, drawn by `random` from all mutants of the modules. */
export async function drawMutants(
  tree: string,
  modules: readonly Module[],
  count: number,
  random: () => number,
): Promise<Mutant[]> {
  const mutants: Mutant[] = []
  for (const module of modules) mutants.push(...(await mutantsOf(tree, module)))
  return mutants
    .map(mutant => ({ mutant, place: random() }))
    .sort((a, b) => a.place - b.place)
    .slice(0, count)
    .map(({ mutant }) => mutant)
}

async function mutantsOf(tree: string, module: Module): Promise<Mutant[]> {
  const folder = join('lib', module)
  const files = readdirSync(join(tree, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .sort()
    .map(name => {
      const file = join(folder, name).replaceAll('\\', '/')
      return { name: file, mutate: true, content: readFileSync(join(tree, file), 'utf8') }
    })
  const { mutants } = await new Instrumenter(QUIET).instrument(files, OPTIONS)
  const lines = new Map(files.map(({ name, content }) => [name, lineStarts(content)]))
  return mutants.map(({ fileName: file, mutatorName: mutator, replacement, location }) => {
    const starts = lines.get(file) ?? []
    const offset = ({ line, column }: { readonly line: number; readonly column: number }) =>
      (starts[line] ?? 0) + column
    const { start, end } = location
    return {
      name: `${file}:${start.line + 1}:${start.column + 1} ${mutator} ${replacement.slice(0, LONGEST_SHOWN)}`,
      ...{ module, file, mutator, replacement, from: offset(start), to: offset(end) },
    }
  })
}

const LONGEST_SHOWN = 60

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
}
