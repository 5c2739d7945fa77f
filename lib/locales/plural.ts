import { lazy } from '../core/lazy.ts'

/** Forms of one phrase; `#` represents the number. English and Italian need two. */
export interface PluralForms {
  readonly one: string
  readonly other: string
}

/** Returns a phrase that depends on a number, by the plural rules of a language. */
export function pluralFor(locale: string): (forms: PluralForms) => (count: number) => string {
  const formatters = lazy(() => ({
    rules: new Intl.PluralRules(locale),
    numbers: new Intl.NumberFormat(locale),
  }))
  return forms => count => {
    const { rules, numbers } = formatters()
    return (rules.select(count) === 'one' ? forms.one : forms.other).replaceAll('#', numbers.format(count))
  }
}
