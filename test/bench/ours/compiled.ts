import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { AutomateError } from '../../../lib/core/errors/errors.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')

/** Compiled program, as users run it. */
export const PROGRAM = compiledPath('bin/automate-tui.js')

/**
 * Returns the path of a module of the compiled package, such as `lib/execution/worker.entry.js`.
 */
export function compiledPath(module: string): string {
  return join(ROOT, 'dist', module)
}

/** Returns the path of a source module, which Node runs unchanged. */
export function sourcePath(module: string): string {
  return join(ROOT, module)
}

/**
 * Builds `dist/` as in the package.
 * @throws `environment-unfit` if the build fails.
 */
export function compile(report: (line: string) => void): void {
  report('Compiling automate-tui (npm run build) …')
  const { status } = spawnSync(process.execPath, [sourcePath('scripts/build.ts')], {
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0)
    throw new AutomateError('environment-unfit', 'automate-tui does not compile: "npm run build" tells why.')
}
