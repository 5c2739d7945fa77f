import type { problemsWords as english } from '../en/problems.ts'

/** Reasons why a typed text is not accepted. */
export const problemsWords: typeof english = {
  required: 'Campo obbligatorio.',
  wrong: 'Valore non valido.',
  kind: {
    text: 'Deve essere un testo.',
    integer: 'Deve essere un numero intero.',
    number: 'Deve essere un numero.',
    instant: 'Deve essere una data con ora, come 2026-11-25 14:30.',
    json: 'Deve essere JSON.',
    sealed: 'Non modificabile.',
  },
  type: {
    string: 'Deve essere un testo.',
    number: 'Deve essere un numero.',
    int: 'Deve essere un numero intero.',
    boolean: 'Deve essere true o false.',
    array: 'Deve essere un elenco, come ["a", "b"].',
    object: 'Deve essere un oggetto, come {"a": 1}.',
    other: type => `Deve essere del tipo ${type}.`,
  },
  least: {
    characters: count => `Servono almeno ${count} caratteri.`,
    items: count => `Servono almeno ${count} voci.`,
    value: least => `Deve essere almeno ${least}.`,
    exclusive: least => `Deve essere maggiore di ${least}.`,
  },
  most: {
    characters: count => `Può avere al massimo ${count} caratteri.`,
    items: count => `Può avere al massimo ${count} voci.`,
    value: most => `Deve essere al massimo ${most}.`,
    exclusive: most => `Deve essere minore di ${most}.`,
  },
  oneOf: values => `Deve essere uno di: ${values}.`,
  format: {
    url: 'Deve essere un indirizzo, come https://example.com/.',
    email: 'Deve essere un indirizzo e-mail, come anna@example.com.',
    datetime: 'Deve essere una data con ora, come 2026-11-25T14:30:00Z.',
    date: 'Deve essere una data, come 2026-11-25.',
    uuid: 'Deve essere un UUID, come 123e4567-e89b-42d3-a456-426614174000.',
    other: format => `Deve essere nel formato ${format}.`,
  },
  pattern: pattern => `Deve corrispondere a ${pattern}.`,
  multipleOf: divisor => `Deve essere un multiplo di ${divisor}.`,
  unknownKeys: keys => `Campi sconosciuti: ${keys}.`,
}
