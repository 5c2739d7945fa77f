import { homedir } from 'node:os'
import { join, posix, win32 } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

const NAME = 'automate-tui'

/**
 * Returns the folder for a user's program data on this system. It is outside of every project, so
 * that a copied project does not include it.
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

/** Returns the folder for data of a user's programs that can be made again at any time. */
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
 * Returns an absolute path; undefined for an empty or relative path, which programs must ignore by
 * the XDG base directory specification. A relative path would name another folder in each working
 * directory.
 */
function absolute(path: string | undefined, system: typeof posix): string | undefined {
  return path !== undefined && system.isAbsolute(path) ? path : undefined
}
