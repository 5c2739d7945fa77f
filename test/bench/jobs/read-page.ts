import type { Page } from 'puppeteer'
import { z } from 'zod'
import { checkContent } from '../harness/page-content.ts'

/** Script as a string, because the compiler knows no document here. */
const READ_LINKS = '[...document.links].map(link => link.href)'

/** Reads the title and the ten links of the open page, which is the second half of the job. */
export async function readPage(page: Page, job: number): Promise<void> {
  const links = z.array(z.string()).parse(await page.evaluate(READ_LINKS))
  checkContent({ title: await page.title(), links }, job)
}
