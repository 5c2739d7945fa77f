import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { AutomateError } from '../../../lib/core/errors/errors.ts'

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

/** Makes `dist/` as the package has it. Thrown with code `environment-unfit` when that fails. */
export function compile(report: (line: string) => void): void {
  report('Compiling automate-tui (npm run build) …')
  const { status } = spawnSync(process.execPath, [sourcePath('scripts/build.ts')], {
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0)
    throw new AutomateError('environment-unfit', 'automate-tui does not compile: "npm run build" tells why.')
}
