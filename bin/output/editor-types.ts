import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../../lib/core/disk/make-folder.ts'
import { entryPath } from '../../lib/core/process/entry-path.ts'
import type { ProjectPaths } from '../../lib/core/process/paths.ts'
import { hasLocalInstall } from '../invocation.ts'

/**
 * Writes the path of this program's type declarations to `data/tsconfig.json`, which the project's
 * `tsconfig.json` extends. Editors then find the types without `npm install`. If the project has
 * the package installed, the types of that package are used.
 */
export function writeEditorTypes(paths: ProjectPaths): void {
  const compilerOptions = hasLocalInstall(paths.root)
    ? {}
    : { paths: { 'automate-tui': [types('index')], 'automate-tui/testing': [types('testing/index')] } }
  makeFolder(paths.data)
  writeFileSync(join(paths.data, 'tsconfig.json'), `${JSON.stringify({ compilerOptions }, null, 2)}\n`)
}

/**
 * Returns the path of a module's types: the source in a checkout, and the declaration file in a
 * package. The path has forward slashes, which TypeScript requires.
 */
function types(name: string): string {
  const file = entryPath(import.meta.url, `../../lib/${name}`).replace(/\.js$/, '.d.ts')
  return file.replaceAll('\\', '/')
}
