import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../../lib/core/disk/make-folder.ts'
import { entryPath } from '../../lib/core/process/entry-path.ts'
import type { ProjectPaths } from '../../lib/core/process/paths.ts'
import { hasLocalInstall } from '../invocation.ts'

/**
 * Writes the path of this program's types to `data/tsconfig.json`, which the project's
 * `tsconfig.json` extends, so that a project needs no `npm install`. If the project has the package
 * installed, the types of that package count.
 */
export function writeEditorTypes(paths: ProjectPaths): void {
  const compilerOptions = hasLocalInstall(paths.root)
    ? {}
    : { paths: { 'automate-tui': [types('index')], 'automate-tui/testing': [types('testing/index')] } }
  makeFolder(paths.data)
  writeFileSync(join(paths.data, 'tsconfig.json'), `${JSON.stringify({ compilerOptions }, null, 2)}\n`)
}

/**
 * Returns the sources in a checkout, and the declarations in a package, with the slashes that
 * TypeScript needs.
 */
function types(name: string): string {
  const file = entryPath(import.meta.url, `../../lib/${name}`).replace(/\.js$/, '.d.ts')
  return file.replaceAll('\\', '/')
}
