import type { z } from 'zod'
import type { Duration } from '../core/time/duration.ts'
import type { Config } from './config.ts'

/**
 * Type of a setting in the configuration file. Numbers, lists and JSON written as text are accepted
 * only from the environment.
 */
type Written<Input, Output> = [Output] extends [number | boolean]
  ? Output
  : [string | number] extends [Output]
    ? Duration
    : TextOnlyWhere<Output, Input>

type TextOnlyWhere<Output, Input> = Input extends string ? Extract<Input, Output> : Input

/**
 * Types of all settings in the configuration file.
 * @internal
 */
type Settings = {
  readonly [S in keyof Config]?: Written<z.input<typeof Config>[S], Config[S]> | undefined
}

/**
 * Default export of `automate.config.ts`: the settings that differ from their defaults. Numbers and
 * lists written as text are accepted only from the environment.
 */
export type ConfigFile = Omit<Settings, 'proxies'> & {
  /**
   * Proxies such as `http://name:secret@host:port` (also `https` and, without credentials,
   * `socks5`): a list, the name of a file with one proxy per line, or a function that returns a
   * list. The function is called about once a minute, in its own process, with a time limit of 30
   * seconds.
   */
  readonly proxies?: string | readonly string[] | (() => readonly string[] | Promise<readonly string[]>)
}

/**
 * Returns its argument unchanged, and gives the settings their types:
 * `export default defineConfig({ workers: 4 })`. The settings are checked when the file is read.
 */
export function defineConfig(config: ConfigFile): ConfigFile {
  return config
}
