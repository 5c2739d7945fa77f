import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { z } from 'zod'

/** What the figures depend on beside the code. */
export interface Surroundings {
  readonly node: string
  /** The one puppeteer that all competitors run: the root's. */
  readonly puppeteer: string
  readonly browser: string | null
  readonly platform: string
  readonly cores: number
}

/** Reads what the figures depend on. */
export function readSurroundings(browserPath: string | undefined): Surroundings {
  const manifest = createRequire(import.meta.url).resolve('puppeteer/package.json')
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(manifest, 'utf8')))
  return {
    node: process.version,
    puppeteer: version,
    browser: browserPath ?? null,
    platform: `${process.platform}-${process.arch}`,
    cores: availableParallelism(),
  }
}
