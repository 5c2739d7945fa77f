import { spawn } from 'node:child_process'
import { existsSync, globSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { entryPath } from '../../lib/core/process/entry-path.ts'
import { AutomateError } from '../../lib/core/errors/errors.ts'
import { writeEditorTypes } from '../output/editor-types.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { forwardOutput } from '../output/child-output.ts'
import { openProject } from '../../lib/app/project/project.ts'
import type { ProjectFlags } from '../../lib/app/project/project.ts'

/** Each test starts browsers, of which a machine runs only so many well at once. */
const MOST_FILES_AT_ONCE = 2

const TESTS = '**/*.test.{ts,mts,cts,js,mjs,cjs}'

/**
 * Runs the tests of the project with Node's own runner; without files all that it finds (`*.test.ts` among them). In them, "automate-tui" means this program.
 * Thrown with code `usage` for a file that is not there.
 */
export async function runTests(flags: ProjectFlags, files: readonly string[]): Promise<ExitCode> {
  const { paths } = await openProject(flags)
  const tests = files.flatMap(testFiles)
  // Whoever tests is at work on the project, perhaps on another machine than the one on which it was made.
  writeEditorTypes(paths)
  const preload = pathToFileURL(entryPath(import.meta.url, '../../lib/loader/child/test-imports.entry')).href
  // In a pipe Node would print for programs, and without colours.
  const reporter = process.stdout.isTTY ? ['--test-reporter=spec'] : []
  const child = spawn(
    process.execPath,
    [`--import=${preload}`, '--test', ...reporter, `--test-concurrency=${MOST_FILES_AT_ONCE}`, ...tests],
    { cwd: paths.root, stdio: ['inherit', 'pipe', 'pipe'], env: ownEnvironment() },
  )
  return (await forwardOutput(child)) === 0 ? EXIT.done : EXIT.jobFailed
}

/** A file, the tests of a folder, or what a pattern finds. */
function testFiles(name: string): string[] {
  const path = resolve(name)
  const found =
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
      ? globSync(TESTS, { cwd: path, exclude: ['**/node_modules/**'] }).map(file => join(path, file))
      : existsSync(path)
        ? [path]
        : globSync(name).map(file => resolve(file))
  if (found.length > 0) return found
  throw new AutomateError(
    'usage',
    `There is no test "${name}" in ${process.cwd()}. Name a file, a folder or a pattern, or nothing to run all tests of the project.`,
  )
}

/** Started by a test itself, Node's runner would think that it is one of its files. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const env = { ...process.env }
  delete env['NODE_TEST_CONTEXT']
  if (process.stdout.isTTY && !env['NO_COLOR']) env['FORCE_COLOR'] ??= '1'
  return env
}
