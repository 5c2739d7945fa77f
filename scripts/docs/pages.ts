import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { apiPage } from './api-page.ts'
import { keysPage } from './keys-page.ts'

/** Generated page: its file, and its content. */
export interface Page {
  readonly file: string
  readonly text: string
}

const DOCS = join(import.meta.dirname, '../../docs')

export interface GeneratedPages {
  readonly pages: readonly Page[]
  /** Names of parts of the public API that have no docblock. */
  readonly undocumented: readonly string[]
}

/** Returns the pages of `docs/` that are generated from the code. */
export async function generatedPages(): Promise<GeneratedPages> {
  const api = apiPage()
  const pages = [
    ['api.md', api.markdown],
    ['keys.md', keysPage()],
  ] as const
  return {
    undocumented: api.undocumented,
    pages: await Promise.all(
      pages.map(async ([name, markdown]) => {
        const file = join(DOCS, name)
        return { file, text: await format(markdown, { ...(await resolveConfig(file)), filepath: file }) }
      }),
    ),
  }
}
