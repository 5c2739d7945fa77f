import { z } from 'zod'
import { DomainLimit } from '../../model/job/domains.ts'

const MUST = 'must be limits such as "shop.example=2", with "*=4" for every other domain'

const Entry = z
  .string(MUST)
  .transform(text => {
    const [domain = '', workers = ''] = text.split('=').map(part => part.trim())
    return { domain: domain.toLowerCase(), workers: Number(workers === '' ? NaN : workers) }
  })
  .pipe(DomainLimit)

/**
 * Maximum number of workers that visit a domain at the same time, for each listed domain. A list of
 * texts, separated by commas in the environment.
 */
export const DomainWorkersSetting = z
  .union([z.array(z.string()), z.string().transform(text => text.split(','))], { error: MUST })
  .transform((entries, context) => {
    const parsed = z.array(Entry).safeParse(entries)
    if (parsed.success) return parsed.data
    const { path } = parsed.error.issues[0] ?? { path: [] }
    context.addIssue({ code: 'custom', message: `${MUST}; got ${JSON.stringify(entries[Number(path[0])])}` })
    return z.NEVER
  })
