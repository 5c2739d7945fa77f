import { homedir } from 'node:os'
import { join, posix, win32 } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

const NAME = 'automate-tui'

/** Where a user's programs keep data on this system: outside of every project, so that a copied project takes nothing of it along. */
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

/** Where a user's programs keep what they can make anew at any time. */
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

/** Ignores an empty or relative path, as the XDG base directory specification demands: it would name another folder in each working directory. */
function absolute(path: string | undefined, system: typeof posix): string | undefined {
  return path !== undefined && system.isAbsolute(path) ? path : undefined
}
