import { existsSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { AutomateError } from '../core/errors/errors.ts'
import { PROJECT_MARKERS } from '../core/process/project-place.ts'

/** Names of the possible configuration files of a project. */
export const CONFIG_FILES = [...PROJECT_MARKERS, '.env'] as const

/** Files of a configuration, as found before they are read. */
export interface ConfigFiles {
  /** Absolute path of the configuration file. */
  readonly config: string
  /** Absolute path of `.env`; null if there is none. */
  readonly dotEnv: string | null
  /**
   * Returns true if a file was written, created, replaced or removed after the files were found.
   */
  readonly haveChanged: () => boolean
}

/**
 * Finds the files of a configuration. `before` is the previous result, or null at the first call.
 * If a file of the previous result is missing, an error is thrown, and its settings do not count as
 * unset. The file may be back in a moment, because editors and deployments remove a file and write
 * it again, and a network share can lose its server.
 * @throws `config-invalid` if there is no configuration file, or no `.env` although there was one
 * `before`.
 */
export function findConfigFiles(root: string, before: ConfigFiles | null): ConfigFiles {
  const versions = versionsIn(root)
  const config = PROJECT_MARKERS.map(marker => join(root, marker)).find(existsSync)
  if (config === undefined) {
    const name = before === null ? PROJECT_MARKERS[0] : basename(before.config)
    throw new AutomateError('config-invalid', `${name} is no longer in ${root}. Put it back.`, {
      facts: { root },
    })
  }
  const dotEnv = join(root, '.env')
  const hasDotEnv = existsSync(dotEnv)
  if (!hasDotEnv && typeof before?.dotEnv === 'string') {
    throw new AutomateError(
      'config-invalid',
      `.env is no longer in ${root}. Put it back, or create an empty one if its variables are no longer needed.`,
      { facts: { root } },
    )
  }
  return {
    config,
    dotEnv: hasDotEnv ? dotEnv : null,
    haveChanged: () => versionsIn(root) !== versions,
  }
}

/** Returns one string that changes when any of the files changes. */
function versionsIn(root: string): string {
  return CONFIG_FILES.map(name => versionOf(join(root, name))).join(' ')
}

/**
 * Returns a string that changes when the file changes, or '' if the file is missing. It includes
 * the change time (ctime), because a copy may preserve the modification time.
 */
function versionOf(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
    return [dev, ino, size, mtimeNs, ctimeNs].join(':')
  } catch {
    return ''
  }
}
