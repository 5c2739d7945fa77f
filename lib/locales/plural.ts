import { lazy } from '../core/lazy.ts'

/**
 * Forms of a phrase that contains a number. `#` is replaced by the number. English and Italian have
 * two forms.
 */
export interface PluralForms {
  readonly one: string
  readonly other: string
}

/** Returns a function that makes phrases with a number, by the plural rules of a locale. */
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
