import { join, resolve } from 'node:path'
import { CONFIG_FILES } from '../../config/config-files.ts'
import type { ResolvedConfig } from '../../config/resolve.ts'
import { isWithin } from '../../core/process/paths.ts'
import { PROJECT_MARKERS } from '../../core/process/project-place.ts'
import { codePaths, importPaths, linkedModulePaths } from '../../platform/trust/code-paths.ts'
import { ownPaths } from '../../platform/trust/own-paths.ts'

/**
 * Returns the paths that decide how a project is loaded, as far as they are known before its
 * configuration is read. Some of them may not exist.
 */
export function pathsOfProject(root: string): string[] {
  return [
    ...CONFIG_FILES.map(name => join(root, name)),
    ...PROJECT_MARKERS.flatMap(name => linkedModulePaths(join(root, name))),
    ...importPaths(root),
    ...ownPaths(root),
  ]
}

/**
 * Returns the paths that decide which code runs after a restart of the program: the folder of its
 * package, and `program`, the path that starts it. The packages that it imports are not checked.
 */
export function pathsOfProgram(folder: string, program: string): string[] {
  return [folder, program, ...codePaths(folder), ...importPaths(folder)]
}

/**
 * Returns the additional paths that the configuration names: the code in `folders` (the folders of
 * the workflows), the file of proxies, and the browser if it is within the project.
 */
export function pathsOfConfig(
  root: string,
  folders: readonly string[],
  { proxies, browser }: ResolvedConfig['config'],
): string[] {
  const program = resolve(root, browser)
  return [
    ...folders.flatMap(folder => [...codePaths(folder), ...importPaths(folder)]),
    ...(proxies.from === 'file' ? [resolve(root, proxies.file)] : []),
    ...(browser !== '' && isWithin(root, program) ? [program] : []),
  ]
}
