export const LANGUAGES = ['en', 'it'] as const
export type Language = (typeof LANGUAGES)[number]

/** True if a word is the code of a language that has a catalogue. */
export function isLanguage(word: string): word is Language {
  return LANGUAGES.some(language => language === word)
}

/**
 * Returns the language that the environment asks for, by the variables in the order of POSIX;
 * English if there is no catalogue for it.
 */
export function detectLanguage(env: Readonly<Record<string, string | undefined>>): Language {
  const wanted = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    value => value !== undefined && value !== '',
  )
  const word = (wanted ?? systemLocale()).slice(0, 2).toLowerCase()
  return isLanguage(word) ? word : 'en'
}

/**
 * Returns the locale of the operating system, for a system that does not set these variables, such
 * as Windows.
 */
const systemLocale = (): string => new Intl.DateTimeFormat().resolvedOptions().locale

/** Returns the next language in the list. */
export function nextLanguage(language: Language): Language {
  return LANGUAGES[(LANGUAGES.indexOf(language) + 1) % LANGUAGES.length] ?? 'en'
}
