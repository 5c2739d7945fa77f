import t from 'tap'
import { en } from '../../lib/locales/en.ts'
import { it } from '../../lib/locales/it.ts'
import { detectLanguage, nextLanguage } from '../../lib/locales/language.ts'
import { translatorFor } from '../../lib/locales/translator.ts'

const AT = Date.UTC(2026, 2, 3, 4, 5, 6)

t.test('the environment sets the language in the order of POSIX', async t => {
  t.equal(detectLanguage({ LANG: 'it_IT.UTF-8' }), 'it')
  t.equal(detectLanguage({ LC_ALL: 'en_GB.UTF-8', LANG: 'it_IT.UTF-8' }), 'en')
  t.equal(detectLanguage({ LC_ALL: '', LC_MESSAGES: 'it', LANG: 'en' }), 'it')
  t.equal(detectLanguage({ LANG: 'C.UTF-8' }), 'en')
  t.equal(detectLanguage({ LANG: 'de_DE' }), 'en')
  t.equal(nextLanguage('en'), 'it')
  t.equal(nextLanguage('it'), 'en')
})

t.test('distinguishes singular and plural', async t => {
  t.equal(en.counts.failed(1), '1 failed')
  t.equal(it.counts.failed(1), '1 fallito')
  t.equal(it.counts.failed(0), '0 falliti')
  t.equal(en.dialog.quitQuestion(1), '1 job is running.')
  t.equal(it.dialog.quitQuestion(2), '2 lavori sono in corso.')
})

t.test('formats numbers, times and durations by the language', async t => {
  const [english, italian] = [translatorFor('en', 'UTC'), translatorFor('it', 'UTC')]
  t.equal(english.number(12_345.5), '12,345.5')
  t.equal(italian.number(12_345.5), '12.345,5')
  t.equal(english.clock(AT), '04:05:06')
  t.equal(italian.moment(AT), '3 mar, 04:05')
  t.equal(english.duration(850), '850 ms')
  t.equal(english.duration(12_900), '12 s')
  t.equal(english.duration(200_000), '3 min 20 s')
  t.equal(italian.duration(90_000_000), '1 g 1 h')
  t.equal(english.ratio(12_300, 30_000), '12/30 s')
  t.equal(english.ratio(90_000, 1_200_000), '1/20 min')
  t.equal(english.bytes(190_840_832), '182 MB')
  t.equal(italian.bytes(1_600), '1,6 kB')
})

t.test('no text is the same in both languages, except for words common to both', async t => {
  const shared = new Set(['keys.mouse.label', 'keys.screenWorker.label'])
  const same = Object.entries(en.keys).flatMap(([id, { label, help }]) => {
    const italian = Object.entries(it.keys).find(([other]) => other === id)?.[1]
    return [
      ...(italian?.label === label ? [`keys.${id}.label`] : []),
      ...(italian?.help === help ? [`keys.${id}.help`] : []),
    ]
  })
  t.same(
    same.filter(path => !shared.has(path)),
    [],
  )
})
