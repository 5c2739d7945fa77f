import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { z } from 'zod'

/** Conditions other than the code that the figures depend on. */
export interface Surroundings {
  readonly node: string
  /** Version of the root's puppeteer, which all competitors run. */
  readonly puppeteer: string
  readonly browser: string | null
  readonly platform: string
  readonly cores: number
}

/** Reads the conditions of the figures. */
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
