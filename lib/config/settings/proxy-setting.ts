import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { parseProxy } from '../../model/proxy/proxy-address.ts'

/**
 * Schema of a list of proxies as texts, separated by commas in the environment. An error names an
 * entry by its position, because the entry itself is secret.
 */
const list = z.array(z.string('must be a list of strings')).superRefine((entries, context) => {
  entries.forEach((entry, index) => {
    const parsed = parseProxy(entry)
    if ('problem' in parsed) {
      context.addIssue({
        code: 'custom',
        message: `must be proxies, but entry ${index + 1} ${parsed.problem}`,
      })
    }
  })
})

const split = (text: string) =>
  text
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '')

/** Name of a file of proxies that is known to exist. The name may look like an address. */
class ExistingFile {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/**
 * Returns the setting's value, wrapped in `ExistingFile` if it is the name of an existing file.
 * `root` is the project's folder.
 */
export function withExistingFile(value: unknown, root: string): unknown {
  const isFile = typeof value === 'string' && value !== '' && existsSync(resolve(root, value))
  return isFile ? new ExistingFile(value) : value
}

/**
 * True if a text may be an address without a scheme: it has a sign of credentials, of a port or of
 * several entries. The colon of a Windows drive does not count. Such a text is accepted as a file
 * name only if the file exists, because messages quote file names, and would then quote the address
 * with its password.
 */
const readsAsAddress = (text: string): boolean => /[@:,;|]/.test(text.replace(/^[A-Za-z]:(?=[\\/])/, ''))

const NO_SCHEME =
  'must be addresses that begin with "http://", "https://" or "socks5://", such as http://name:secret@host:port, or the name of a file that exists'

/**
 * Schema of the source of proxies. A text with "://" is a list, and any other text is a file,
 * relative to the project. An address without a scheme is refused, and the error does not quote it.
 * `{ from: 'function' }` represents the function in the configuration file.
 */
export const ProxySetting = z
  .union(
    [
      z.array(z.string()),
      z.string(),
      z.instanceof(ExistingFile),
      z.strictObject({ from: z.literal('function') }),
      z.strictObject({ from: z.literal('list'), list: z.array(z.string()) }),
    ],
    { error: 'must be a list of proxies, the name of a file, or a function' },
  )
  .transform((value, context) => {
    if (value instanceof ExistingFile) return { from: 'file' as const, file: value.name }
    if (typeof value === 'string' && !value.includes('://')) {
      if (!readsAsAddress(value)) return { from: 'file' as const, file: value }
      context.addIssue({ code: 'custom', message: NO_SCHEME })
      return z.NEVER
    }
    if (typeof value === 'object' && 'from' in value && value.from === 'function') return value
    const entries = typeof value === 'string' ? split(value) : Array.isArray(value) ? value : value.list
    const parsed = list.safeParse(entries)
    if (parsed.success) return { from: 'list' as const, list: parsed.data }
    for (const { message } of parsed.error.issues) context.addIssue({ code: 'custom', message })
    return z.NEVER
  })
export type ProxySetting = z.output<typeof ProxySetting>
