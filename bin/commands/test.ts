import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { entryPath } from '../../lib/core/entry.ts'
import { writeEditorTypes } from '../editor-types.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { openProject } from '../project.ts'
import type { ProjectFlags } from '../project.ts'

/** Each test starts browsers, of which a machine runs only so many well at once. */
const MOST_FILES_AT_ONCE = 2

/** Runs the tests of the project with Node's own runner; without files all that it finds (`*.test.ts` among them). In them, "automate-tui" means this program. */
export async function runTests(flags: ProjectFlags, files: readonly string[]): Promise<ExitCode> {
  const { paths } = await openProject(flags)
  // Whoever tests is at work on the project, perhaps on another machine than the one on which it was made.
  writeEditorTypes(paths)
  const preload = pathToFileURL(entryPath(import.meta.url, '../../lib/execution/test-imports.entry')).href
  const child = spawn(
    process.execPath,
    [
      `--import=${preload}`,
      '--test',
      `--test-concurrency=${MOST_FILES_AT_ONCE}`,
      ...files.map(file => resolve(file)),
    ],
    { cwd: paths.root, stdio: 'inherit', env: ownEnvironment() },
  )
  await once(child, 'exit')
  return child.exitCode === 0 ? EXIT.done : EXIT.jobFailed
}

/** Started by a test itself, Node's runner would think that it is one of its files. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const env = { ...process.env }
  delete env['NODE_TEST_CONTEXT']
  return env
}
