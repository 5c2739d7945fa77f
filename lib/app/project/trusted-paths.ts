import { join, resolve } from 'node:path'
import { CONFIG_FILES } from '../../config/config-files.ts'
import type { ResolvedConfig } from '../../config/resolve.ts'
import { isWithin } from '../../core/process/paths.ts'
import { PROJECT_MARKERS } from '../../core/process/project-place.ts'
import { codePaths, importPaths, linkedModulePaths } from '../../platform/trust/code-paths.ts'
import { ownPaths } from '../../platform/trust/own-paths.ts'

/** Returns what decides how a project is loaded and is known before its configuration is read; a project need not have each. */
export function pathsOfProject(root: string): string[] {
  return [
    ...CONFIG_FILES.map(name => join(root, name)),
    ...PROJECT_MARKERS.flatMap(name => linkedModulePaths(join(root, name))),
    ...importPaths(root),
    ...ownPaths(root),
  ]
}

/**
 * Returns what decides what runs when the program is started again: its package, and `program`, the path by which it is started. The packages that it
 * imports are not looked into.
 */
export function pathsOfProgram(folder: string, program: string): string[] {
  return [folder, program, ...codePaths(folder), ...importPaths(folder)]
}

/** Returns what the configuration names beside that: code, the file of proxies, and a browser within the project. `folders` are those of the workflows. */
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
