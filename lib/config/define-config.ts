import type { z } from 'zod'
import type { Duration } from '../core/time/duration.ts'
import type { Config } from './config.ts'

/** How a setting stands in the file: digits, lists with commas and JSON as text are for the environment alone. */
type Written<Input, Output> = [Output] extends [number | boolean]
  ? Output
  : [string | number] extends [Output]
    ? Duration
    : TextOnlyWhere<Output, Input>

type TextOnlyWhere<Output, Input> = Input extends string ? Extract<Input, Output> : Input

/** Every setting as the file may have it. @internal */
type Settings = {
  readonly [S in keyof Config]?: Written<z.input<typeof Config>[S], Config[S]> | undefined
}

/** What `automate.config.ts` exports by default: the settings that differ from their defaults. Digits and lists as text are for the environment alone. */
export type ConfigFile = Omit<Settings, 'proxies'> & {
  /**
   * Proxies such as `http://name:secret@host:port` (`https` and, without credentials, `socks5` as well): a list, the name of a file with one a line, or a
   * function that answers a list. The function runs in a process of its own, for 30 seconds at most, about once a minute.
   */
  readonly proxies?: string | readonly string[] | (() => readonly string[] | Promise<readonly string[]>)
}

/** Gives the settings their types: `export default defineConfig({ workers: 4 })`. They are checked when they are read. */
export function defineConfig(config: ConfigFile): ConfigFile {
  return config
}
