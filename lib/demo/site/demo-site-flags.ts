import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { AutomateError, messageOf } from '../../core/errors/errors.ts'
import { PriceOverrides } from './catalogue.ts'
import type { DemoSiteOptions } from './demo-site.ts'

const LARGEST_PORT = 65_535

const PORT = `must be a whole number, 0 to ${LARGEST_PORT}`
const SEED = 'must be a whole number'

const Flags = z.object({
  port: z.coerce.number(PORT).int(PORT).min(0, PORT).max(LARGEST_PORT, PORT).default(0),
  seed: z.coerce.number(SEED).int(SEED).default(1),
  prices: z.string().optional(),
})

/**
 * Parses options such as `--port 0 --seed 7 --prices prices.json`.
 * @throws `usage` if a flag or the price file is wrong; the message names it.
 */
export function parseDemoSiteFlags(argv: readonly string[]): DemoSiteOptions {
  const flags = Flags.safeParse(readFlags(argv))
  if (!flags.success) {
    const wrong = flags.error.issues.map(({ path, message }) => `--${path.join('.')} ${message}`)
    throw new AutomateError('usage', `The demo site cannot start: ${wrong.join('; ')}.`)
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
