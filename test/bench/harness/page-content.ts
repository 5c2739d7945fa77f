import { z } from 'zod'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import { LINKS_A_PAGE, pageTitle } from './page-server.ts'

/** Part of a page that a job reads. */
export const PageContent = z.object({ title: z.string(), links: z.array(z.string()) })
export type PageContent = z.infer<typeof PageContent>

/** Returns the address of a job's page. */
export function pageUrl(pagesUrl: string, job: number): string {
  return `${pagesUrl}/page/${job}`
}

/**
 * Checks that a job read its own page completely, because a competitor that skips work has no
 * figure.
 * @throws `result-invalid` otherwise.
 */
export function checkContent(content: PageContent, job: number): void {
  if (content.title === pageTitle(job) && content.links.length === LINKS_A_PAGE) return
  throw new AutomateError(
    'result-invalid',
    `Job ${job} read "${content.title}" and ${content.links.length} links. Its competitor did other work than the rest: mend it.`,
  )
}
