export const LANGUAGES = ['en', 'it'] as const
export type Language = (typeof LANGUAGES)[number]

/** Tells whether a word names a language that the catalogue has. */
export function isLanguage(word: string): word is Language {
  return LANGUAGES.some(language => language === word)
}

/** The language that the environment asks for, as POSIX orders the variables; English where it asks for none of ours. */
export function detectLanguage(env: Readonly<Record<string, string | undefined>>): Language {
  const wanted = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    value => value !== undefined && value !== '',
  )
  const word = (wanted ?? systemLocale()).slice(0, 2).toLowerCase()
  return isLanguage(word) ? word : 'en'
}

/** Windows sets none of the variables; there the system itself knows. */
const systemLocale = (): string => new Intl.DateTimeFormat().resolvedOptions().locale

/** The language after this one. */
export function nextLanguage(language: Language): Language {
  return LANGUAGES[(LANGUAGES.indexOf(language) + 1) % LANGUAGES.length] ?? 'en'
}
