import { z } from 'zod'
import { parseProxy } from '../domain/proxy-address.ts'

/** Texts, commas between them in the environment, each of which is a proxy. A message names an entry by its place: the entry itself is secret. */
const list = z.array(z.string('must be a list of texts')).superRefine((entries, context) => {
  entries.forEach((entry, index) => {
    const parsed = parseProxy(entry)
    if ('problem' in parsed) {
      context.addIssue({
        code: 'custom',
        message: `must be proxies, and entry ${index + 1} ${parsed.problem}`,
      })
    }
  })
})

const split = (text: string) =>
  text
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '')

/**
 * Where proxies come from. A text with "://" is a list, any other text a file, relative to the project. `{ from: 'function' }` is how the configuration file's
 * function arrives here.
 */
export const ProxySetting = z
  .union(
    [
      z.array(z.string()),
      z.string(),
      z.strictObject({ from: z.literal('function') }),
      z.strictObject({ from: z.literal('list'), list: z.array(z.string()) }),
    ],
    { error: 'must be a list of proxies, the name of a file, or a function' },
  )
  .transform((value, context) => {
    if (typeof value === 'string' && !value.includes('://')) return { from: 'file' as const, file: value }
    if (typeof value === 'object' && 'from' in value && value.from === 'function') return value
    const entries = typeof value === 'string' ? split(value) : Array.isArray(value) ? value : value.list
    const parsed = list.safeParse(entries)
    if (parsed.success) return { from: 'list' as const, list: parsed.data }
    for (const { message } of parsed.error.issues) context.addIssue({ code: 'custom', message })
    return z.NEVER
  })
export type ProxySetting = z.output<typeof ProxySetting>
