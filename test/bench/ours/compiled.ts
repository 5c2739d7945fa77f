import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { z } from 'zod'
import { AutomateError } from '../../../lib/core/errors.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')

/** The compiled program: what users run. */
export const PROGRAM = compiledPath('bin/automate-tui.js')

/** A module of the compiled package: `lib/execution/worker.entry.js`. */
export function compiledPath(module: string): string {
  return join(ROOT, 'dist', module)
}

/** A module of the sources, which Node runs as they are. */
export function sourcePath(module: string): string {
  return join(ROOT, module)
}

/** Compiles the sources into `dist/`, as the package is made. Thrown with code `environment-unfit` when that fails. */
export function compile(report: (line: string) => void): void {
  report('Compiling automate-tui (npm run build) …')
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [compiler, '-p', join(ROOT, 'tsconfig.build.json')], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0)
    throw new AutomateError('environment-unfit', 'automate-tui does not compile: "npm run build" tells why.')
}

/** Imports a compiled module and parses the surface that is used of it. */
export async function loadCompiled<T>(module: string, surface: z.ZodType<T>): Promise<T> {
  const loaded: unknown = await import(pathToFileURL(compiledPath(module)).href)
  return surface.parse(loaded)
}
