import type { ServiceDoing, ServiceDocument } from '../lib/domain/documents.ts'
import type { Catalogue } from '../lib/locales/en.ts'

/** What a service says of itself, in the words of a language: why it failed, or what it does; empty when it is silent. */
export function serviceWords(
  { message, doing }: Pick<ServiceDocument, 'message' | 'doing'>,
  words: Catalogue,
): string {
  return doing === null ? message : doingWords(doing, words)
}

function doingWords(doing: ServiceDoing, { doing: words }: Catalogue): string {
  switch (doing.what) {
    case 'swept':
      return words.swept(doing.count)
    case 'trouble':
      return words.trouble(doing.message)
    case 'job':
      return words.job(doing.id)
  }
}
