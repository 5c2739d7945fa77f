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

/**
 * Maximum number of test files that run at the same time. Each file starts browsers, and a machine
 * can run only a few of them well.
 */
const MOST_FILES_AT_ONCE = 2

const TESTS = '**/*.test.{ts,mts,cts,js,mjs,cjs}'

/**
 * Runs the tests of the project with Node's test runner. Without `files`, runs all tests that Node
 * finds (such as `*.test.ts`). In the tests, the package "automate-tui" is this program.
 * @throws `usage` if a file is missing.
 */
export async function runTests(flags: ProjectFlags, files: readonly string[]): Promise<ExitCode> {
  const { paths } = await openProject(flags)
  const tests = files.flatMap(testFiles)
  // The path of the types is written again, because the project may have been created on another
  // machine.
  writeEditorTypes(paths)
  const preload = pathToFileURL(entryPath(import.meta.url, '../../lib/loader/child/test-imports.entry')).href
  // The child writes to a pipe, for which Node would choose a format for programs, without colours.
  const reporter = process.stdout.isTTY ? ['--test-reporter=spec'] : []
  const child = spawn(
    process.execPath,
    [`--import=${preload}`, '--test', ...reporter, `--test-concurrency=${MOST_FILES_AT_ONCE}`, ...tests],
    { cwd: paths.root, stdio: ['inherit', 'pipe', 'pipe'], env: ownEnvironment() },
  )
  return (await forwardOutput(child)) === 0 ? EXIT.done : EXIT.jobFailed
}

/**
 * Returns the test files that an argument names: a file, all tests in a folder, or the matches of a
 * glob pattern.
 */
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
    `There is no test "${name}" in ${process.cwd()}. Name a file, a folder or a pattern. Without a name, all tests of the project run.`,
  )
}

/**
 * Returns the environment for the test runner, without `NODE_TEST_CONTEXT`. If a test starts this
 * command, the runner would otherwise act as one of the test's own files.
 */
function ownEnvironment(): NodeJS.ProcessEnv {
  const env = { ...process.env }
  delete env['NODE_TEST_CONTEXT']
  if (process.stdout.isTTY && !env['NO_COLOR']) env['FORCE_COLOR'] ??= '1'
  return env
}
