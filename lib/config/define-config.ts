import type { z } from 'zod'
import type { Config } from './config.ts'

/** What `automate.config.ts` exports by default: the settings that differ from their defaults. */
export type ConfigFile = Partial<z.input<typeof Config>>

/** Gives the settings their types: `export default defineConfig({ workers: 4 })`. They are checked when they are read. */
export function defineConfig(config: ConfigFile): ConfigFile {
  return config
}
