import type { z } from 'zod'
import type { Config } from './config.ts'

/** What `automate.config.ts` exports by default: the settings that differ from their defaults. */
export type ConfigFile = Omit<Partial<z.input<typeof Config>>, 'proxies'> & {
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
