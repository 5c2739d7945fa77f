import { homedir } from 'node:os'
import { join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

const NAME = 'automate-tui'

/** Where a user's programs keep data on this system: outside of every project, so that a copied project takes nothing of it along. */
export function userDataFolder(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = homedir()
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), NAME)
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', NAME)
  return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), NAME)
}

/** Where a user's programs keep what they can make anew at any time. */
export function userCacheFolder(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = homedir()
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), NAME, 'cache')
  if (platform === 'darwin') return join(home, 'Library', 'Caches', NAME)
  return join(env['XDG_CACHE_HOME'] ?? join(home, '.cache'), NAME)
}
