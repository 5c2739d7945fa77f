import { z } from 'zod'
import { MAX_WORKERS_A_JOB } from '../domain/workflow.ts'

export const LANGUAGES = ['en', 'it'] as const

/** Most workers at once on one machine. */
export const MAX_SLOTS = MAX_WORKERS_A_JOB

const text = (fallback: string) => z.string().default(fallback)
const number = (schema: z.ZodNumber) => z.coerce.number('must be a number').pipe(schema)

/** A list, in the environment written with commas. */
const list = z
  .union([z.array(z.string()), z.string().transform(value => value.split(',').map(item => item.trim()))])
  .pipe(z.array(z.string().min(1)))

const flag = z.union(
  [z.boolean(), z.enum(['true', 'false', '1', '0']).transform(value => value === 'true' || value === '1')],
  'must be true or false',
)

/**
 * Everything that can be configured. Values from the environment are text and are parsed the same way as those of the file.
 * `describe` is what `automate-tui config` says of a setting.
 */
export const Config = z.object({
  workers: number(
    z
      .number()
      .int('must be a whole number')
      .min(1, `must be 1 to ${MAX_SLOTS}`)
      .max(MAX_SLOTS, `must be 1 to ${MAX_SLOTS}`),
  )
    .default(4)
    .describe('Most workers at once.'),
  workflows: list.default(['workflows']).describe('Folders of workflow modules, relative to the project.'),
  browser: text('').describe('The browser to start; empty to find one.'),
  browserArgs: list.default([]).describe('More arguments for the browser.'),
  headless: flag.default(true).describe('Whether browsers run without a window.'),
  language: z
    .union([z.enum(LANGUAGES), z.literal('')], `must be one of ${LANGUAGES.join(', ')}`)
    .default('')
    .describe('Language of the console; empty to follow the environment.'),
})
export type Config = z.infer<typeof Config>

export const SETTINGS = Config.keyof().options
export type Setting = (typeof SETTINGS)[number]

/** `browserArgs` → `AUTOMATE_BROWSER_ARGS`. */
export function environmentName(setting: Setting): string {
  return `AUTOMATE_${setting.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`
}
