/** The forms of one phrase; `#` stands for the number. English and Italian need two. */
export interface PluralForms {
  readonly one: string
  readonly other: string
}

/** A phrase that depends on a number, by the plural rules of a language. */
export function pluralFor(locale: string): (forms: PluralForms) => (count: number) => string {
  const rules = new Intl.PluralRules(locale)
  const numbers = new Intl.NumberFormat(locale)
  return forms => count =>
    (rules.select(count) === 'one' ? forms.one : forms.other).replaceAll('#', numbers.format(count))
}
