import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import file from 'tap'
import type { Test } from 'tap'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import type { Store } from '../../../lib/store/store.ts'
import { processesOf } from '../processes/process-tree.ts'
import { openProjectStore } from './project-store.ts'
import { PATIENT_MS, until } from '../until.ts'

export { PATIENT_MS, openProjectStore }

let lastFolder = 0

/**
 * Creates a new, empty folder. It lives as long as the test file, because tap removes the folder of
 * a single test before the teardowns that close its store. It is removed after the end of the last
 * process in it, because a browser writes into its profile to the end and would create a removed
 * folder again.
 */
export function newFolder(): string {
  if (lastFolder === 0) {
    file.testdir({})
    file.teardown(() =>
      until(
        `the end of all processes of ${file.testdirName}`,
        () => processesOf(file.testdirName).length === 0,
      ),
    )
  }
  lastFolder += 1
  const folder = join(file.testdirName, String(lastFolder))
  mkdirSync(folder)
  return folder
}

/** Creates a new, empty project. */
export function newProject(): ProjectPaths {
  const folder = newFolder()
  writeFileSync(join(folder, 'automate.config.ts'), '')
  return new ProjectPaths(folder)
}

/** For tests of the thread itself and of its environment. */
export const OWN_THREAD = { thread: 'own' } as const

/**
 * Opens the store of a project and closes it at the end of the test. The store works in this
 * thread, because its own thread takes five times as much processor time to start.
 */
export async function openTestStore(
  t: Pick<Test, 'teardown'>,
  ...[paths, role, more]: Parameters<typeof openProjectStore>
): Promise<Store> {
  const store = await openProjectStore(paths, role, { thread: 'same', ...more })
  t.teardown(() => store.close())
  return store
}
