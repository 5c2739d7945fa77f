import { homedir } from 'node:os'
import { join, posix, win32 } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

const NAME = 'automate-tui'

/**
 * Returns the folder in which programs store data of the user on this system. The folder is outside
 * of every project, so that a copy of a project does not include the data.
 */
export function dataDir(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = homedir()
  if (platform === 'win32')
    return join(absolute(env['LOCALAPPDATA'], win32) ?? join(home, 'AppData', 'Local'), NAME)
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', NAME)
  return join(absolute(env['XDG_DATA_HOME'], posix) ?? join(home, '.local', 'share'), NAME)
}

/**
 * Returns the folder in which programs cache data of the user on this system. The data can be
 * recreated at any time.
 */
export function cacheDir(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = homedir()
  if (platform === 'win32')
    return join(absolute(env['LOCALAPPDATA'], win32) ?? join(home, 'AppData', 'Local'), NAME, 'cache')
  if (platform === 'darwin') return join(home, 'Library', 'Caches', NAME)
  return join(absolute(env['XDG_CACHE_HOME'], posix) ?? join(home, '.cache'), NAME)
}

/**
 * Returns `path` if it is absolute; undefined if it is empty or relative. The XDG base directory
 * specification requires programs to ignore relative paths, because they would name a different
 * folder in each working directory.
 */
function absolute(path: string | undefined, system: typeof posix): string | undefined {
  return path !== undefined && system.isAbsolute(path) ? path : undefined
}
