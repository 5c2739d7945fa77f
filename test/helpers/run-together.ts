import { globSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'

const TESTS = join(import.meta.dirname, '..')

/**
 * Runs the test files below folders of test/ in this process, one after the other. A process for each file would load tap and the
 * modules of the layer again, which costs more than most of these tests. A single file still runs on its own, and so does a
 * file that starts a browser (`*.browser.test.ts`).
 * @throws if a file has hooks for each test, which would run for the tests of all files.
 */
export async function runTogether(...folders: readonly string[]): Promise<void> {
  const files = folders.flatMap(folder =>
    globSync(`${folder}/**/*.test.ts`, { cwd: TESTS, exclude: ['**/*.browser.test.ts'] }).sort(),
  )
  for (const file of files) {
    t.beforeEach = t.afterEach = () => {
      throw new Error(
        `A hook in test/${file} would run for the tests of other files too. Call it in each test.`,
      )
    }
    await import(pathToFileURL(join(TESTS, file)).href)
  }
}
