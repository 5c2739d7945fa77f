import { globSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { newFolder } from './store/project.ts'

const TESTS = join(import.meta.dirname, '..')

/**
 * Runs test files in this process, one after the other. A process for each file would load tap and
 * the modules of the layer again, which costs more than most of these tests. Each file ends before
 * the next one begins: its teardowns have run and the environment is restored. A single file still
 * runs on its own, and so does a file that starts a browser itself (`*.browser.test.ts`,
 * `*.long.test.ts`).
 * @param paths folders of test/ without their slow tests, and patterns of files
 * @throws if no file matches a path, and if a file has hooks for each test, because these would run
 *   for the tests of all files.
 */
export async function runTogether(...paths: readonly string[]): Promise<void> {
  const files = paths.flatMap(filesOf)
  const tearDownAll = collectTeardowns()
  // Creates the parent of all files' folders, which lives as long as this process.
  newFolder()
  for (const file of files) {
    t.beforeEach = t.afterEach = () => {
      throw new Error(
        `A hook in test/${file} would run for the tests of other files too. Call it in each test.`,
      )
    }
    const environment = { ...process.env }
    const tearDown = collectTeardowns()
    await import(pathToFileURL(join(TESTS, file)).href)
    // A file may run its own tests concurrently, but tests of other files change shared state.
    t.jobs = 1
    await t.test(`the end of test/${file}`, tearDown)
    for (const name of Object.keys(process.env))
      if (!(name in environment)) Reflect.deleteProperty(process.env, name)
    Object.assign(process.env, environment)
  }
  await t.test('the end of all files', tearDownAll)
}

function filesOf(path: string): string[] {
  const isPattern = path.endsWith('.test.ts')
  const files = globSync(isPattern ? path : `${path}/**/*.test.ts`, {
    cwd: TESTS,
    exclude: isPattern ? [] : ['**/*.{browser,long,slow}.test.ts'],
  })
  if (files.length === 0) throw new Error(`No test file matches test/${path}. Correct the path.`)
  return files.sort()
}

/**
 * Returns a function that runs all teardowns registered with `t.teardown` from now on, the last one
 * first. Tap itself would run them at the end of the process, and would take the first pause
 * between two tests for that end.
 */
function collectTeardowns(): () => Promise<void> {
  const teardowns: (() => unknown)[] = []
  t.teardown = (teardown: () => unknown) => {
    teardowns.unshift(teardown)
  }
  return async () => {
    for (const teardown of teardowns) await teardown()
  }
}
