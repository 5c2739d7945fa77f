import type { problemsWords as english } from '../en/problems.ts'

/** Reasons why a typed text cannot be used. */
export const problemsWords: typeof english = {
  required: 'È obbligatorio.',
  wrong: 'Questo valore non va bene.',
  kind: {
    text: 'Deve essere un testo.',
    integer: 'Deve essere un numero intero.',
    number: 'Deve essere un numero.',
    instant: 'Deve essere un momento, come 2026-11-25 14:30.',
    json: 'Deve essere JSON.',
    sealed: 'Non si può scrivere.',
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
    value: least => `Deve essere ${least} o più.`,
    exclusive: least => `Deve essere più di ${least}.`,
  },
  most: {
    characters: count => `Può avere al massimo ${count} caratteri.`,
    items: count => `Può avere al massimo ${count} voci.`,
    value: most => `Deve essere ${most} o meno.`,
    exclusive: most => `Deve essere meno di ${most}.`,
  },
  oneOf: values => `Deve essere uno di: ${values}.`,
  format: {
    url: 'Deve essere un indirizzo, come https://example.com/.',
    email: 'Deve essere un indirizzo e-mail, come anna@example.com.',
    datetime: 'Deve essere un momento, come 2026-11-25T14:30:00Z.',
    date: 'Deve essere una data, come 2026-11-25.',
    uuid: 'Deve essere un UUID, come 123e4567-e89b-42d3-a456-426614174000.',
    other: format => `Si deve scrivere come: ${format}.`,
  },
  pattern: pattern => `Deve seguire ${pattern}.`,
  multipleOf: divisor => `Deve essere un multiplo di ${divisor}.`,
  unknownKeys: keys => `Nessuno conosce: ${keys}.`,
}
