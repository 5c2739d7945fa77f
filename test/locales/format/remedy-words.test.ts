import t from 'tap'
import { ERROR_CODES, FAILURE_NAMES } from '../../../lib/core/errors/error-codes.ts'
import { remedyWords } from '../../../lib/locales/format/remedy-words.ts'
import { translatorFor } from '../../../lib/locales/translator.ts'

t.test('each failure that people meet has its own remedy, and every other code the general one', t => {
  for (const language of ['en', 'it'] as const) {
    const { words } = translatorFor(language)
    for (const code of ERROR_CODES) t.ok(remedyWords(code, words).endsWith('.'), code)
    for (const code of Object.keys(FAILURE_NAMES)) t.not(remedyWords(code, words), words.remedies.other, code)
    t.equal(remedyWords('store-busy', words), words.remedies.other)
  }
  t.end()
})
