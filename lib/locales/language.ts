export const LANGUAGES = ['en', 'it'] as const
export type Language = (typeof LANGUAGES)[number]

/** True if a word names a language of the catalogue. */
export function isLanguage(word: string): word is Language {
  return LANGUAGES.some(language => language === word)
}

/**
 * Returns the language of the environment, by the variables in the order of POSIX; English if the
 * catalogue has none of the languages.
 */
export function detectLanguage(env: Readonly<Record<string, string | undefined>>): Language {
  const wanted = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    value => value !== undefined && value !== '',
  )
  const word = (wanted ?? systemLocale()).slice(0, 2).toLowerCase()
  return isLanguage(word) ? word : 'en'
}

/** Windows sets none of the variables, so the system itself provides the language. */
const systemLocale = (): string => new Intl.DateTimeFormat().resolvedOptions().locale

/** Returns the language after this one. */
export function nextLanguage(language: Language): Language {
  return LANGUAGES[(LANGUAGES.indexOf(language) + 1) % LANGUAGES.length] ?? 'en'
}
