import { globSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const TESTS = join(import.meta.dirname, '..')

/**
 * Runs the test files below folders of test/ in this process, one after the other. A process for each file would load tap and the
 * modules of the layer again, which costs more than most of these tests. A single file still runs on its own.
 */
export async function runTogether(...folders: readonly string[]): Promise<void> {
  const files = folders.flatMap(folder => globSync(`${folder}/**/*.test.ts`, { cwd: TESTS }).sort())
  for (const file of files) await import(pathToFileURL(join(TESTS, file)).href)
}
