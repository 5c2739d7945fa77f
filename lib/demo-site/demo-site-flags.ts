import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { AutomateError, messageOf } from '../core/errors.ts'
import { PriceOverrides } from './catalogue.ts'
import type { DemoSiteOptions } from './demo-site.ts'

const LARGEST_PORT = 65_535

const Flags = z.object({
  port: z.coerce.number().int().min(0).max(LARGEST_PORT).default(0),
  seed: z.coerce.number().int().default(1),
  prices: z.string().optional(),
})

/** `--port 0 --seed 7 --prices prices.json` → options. Throws `usage`, naming the flag or file that is wrong. */
export function parseDemoSiteFlags(argv: readonly string[]): DemoSiteOptions {
  const flags = Flags.safeParse(readFlags(argv))
  if (!flags.success) {
    throw new AutomateError('usage', `The demo site cannot start: ${z.prettifyError(flags.error)}`)
  }
  const { port, seed, prices } = flags.data
  return { port, seed, ...(prices === undefined ? {} : { data: readPrices(prices) }) }
}

function readFlags(argv: readonly string[]): unknown {
  try {
    return parseArgs({
      args: [...argv],
      options: { port: { type: 'string' }, seed: { type: 'string' }, prices: { type: 'string' } },
    }).values
  } catch (error) {
    throw new AutomateError('usage', `The demo site cannot start: ${messageOf(error)}`, { cause: error })
  }
}

function readPrices(path: string): PriceOverrides {
  try {
    return PriceOverrides.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    throw new AutomateError(
      'usage',
      `The price file ${path} cannot be read: ${error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error)}`,
      { facts: { path }, cause: error },
    )
  }
}
