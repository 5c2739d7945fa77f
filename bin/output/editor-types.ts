import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../../lib/core/disk/make-folder.ts'
import { entryPath } from '../../lib/core/process/entry-path.ts'
import type { ProjectPaths } from '../../lib/core/process/paths.ts'
import { hasLocalInstall } from '../invocation.ts'

/**
 * Tells editors where the types of "automate-tui" are, in `data/tsconfig.json`, which the project's `tsconfig.json` extends: those of this very program, so that a project needs no
 * `npm install`. Where the project has the package beside it, its own types count.
 */
export function writeEditorTypes(paths: ProjectPaths): void {
  const compilerOptions = hasLocalInstall(paths.root)
    ? {}
    : { paths: { 'automate-tui': [types('index')], 'automate-tui/testing': [types('testing/index')] } }
  makeFolder(paths.data)
  writeFileSync(join(paths.data, 'tsconfig.json'), `${JSON.stringify({ compilerOptions }, null, 2)}\n`)
}

/** The sources in a checkout, the declarations in a package; with the slashes that TypeScript wants. */
function types(name: string): string {
  const file = entryPath(import.meta.url, `../../lib/${name}`).replace(/\.js$/, '.d.ts')
  return file.replaceAll('\\', '/')
}
