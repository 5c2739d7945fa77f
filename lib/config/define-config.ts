import type { z } from 'zod'
import type { Duration } from '../core/time/duration.ts'
import type { Config } from './config.ts'

/**
 * The form of a setting in the file. Digits, lists with commas and JSON as text are only for the
 * environment.
 */
type Written<Input, Output> = [Output] extends [number | boolean]
  ? Output
  : [string | number] extends [Output]
    ? Duration
    : TextOnlyWhere<Output, Input>

type TextOnlyWhere<Output, Input> = Input extends string ? Extract<Input, Output> : Input

/** The file's form of every setting. @internal */
type Settings = {
  readonly [S in keyof Config]?: Written<z.input<typeof Config>[S], Config[S]> | undefined
}

/**
 * Default export of `automate.config.ts`: the settings that differ from their defaults. Digits and
 * lists as text are only for the environment.
 */
export type ConfigFile = Omit<Settings, 'proxies'> & {
  /**
   * Proxies such as `http://name:secret@host:port` (also `https` and, without credentials,
   * `socks5`): a list, the name of a file with one proxy a line, or a function that returns a list.
   * The function runs in its own process, for 30 seconds at most, about once a minute.
   */
  readonly proxies?: string | readonly string[] | (() => readonly string[] | Promise<readonly string[]>)
}

/**
 * Gives the settings their types: `export default defineConfig({ workers: 4 })`. The settings are
 * checked when they are read.
 */
export function defineConfig(config: ConfigFile): ConfigFile {
  return config
}
