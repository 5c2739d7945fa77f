import { spawn } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Module, Mutant } from './draw-mutants.ts'

/**
 * Time limit for a mutant that blocks the process. A mutant that only makes a test wait ends at the
 * test's own limits.
 */
const LIMIT_MS = 300_000

/** Returns the test files of a module, relative to the tree. */
export function testsOf(tree: string, module: Module): string[] {
  return globSync(`test/${module}/**/*.test.ts`, { cwd: tree })
    .map(file => file.replaceAll('\\', '/'))
    .sort()
}

/**
 * Sorts the test files that are most likely to notice a mutant to the front: its namesake, users of
 * its file, neighbours.
 */
export function nearestFirst(tree: string, { file, module }: Mutant): string[] {
  const name = basename(file, '.ts')
  const folder = dirname(file).replace(/^lib/, 'test')
  const distance = (test: string): number => {
    if (basename(test).split('.')[0] === name) return 0
    if (readFileSync(join(tree, test), 'utf8').includes(`/${name}.ts'`)) return 1
    return dirname(test) === folder ? 2 : 3
  }
  return testsOf(tree, module)
    .map(test => ({ test, distance: distance(test) }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ test }) => test)
}

/** Runs one test file in a tree. Resolves with true if it passes. */
export function passes(tree: string, test: string): Promise<boolean> {
  const child = spawn(process.execPath, ['--import=./test/preload.ts', test], {
    cwd: tree,
    stdio: 'ignore',
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
    env: {
      ...process.env,
      TAP_TIMEOUT: String(LIMIT_MS / 1_000),
      NODE_COMPILE_CACHE: join(tree, '.compiled'),
    },
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code => resolve(code === 0))
  })
}
