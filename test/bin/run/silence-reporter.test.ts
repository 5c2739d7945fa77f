import t from 'tap'
import { silenceReporter } from '../../../bin/run/silence-reporter.ts'
import { translatorFor } from '../../../lib/locales/translator.ts'

function spoken(language: 'en' | 'it' = 'en') {
  const lines: string[] = []
  const listen = silenceReporter(translatorFor(language), line => lines.push(line))
  const see = (silentMs: number | null, connection: 'attached' | 'lost' = 'attached') =>
    listen({ silentMs, connection })
  return { lines, see }
}

t.test('the silence of a scheduler is said once, and its end once', async t => {
  const { lines, see } = spoken()
  see(null)
  t.same(lines, [])
  for (const silentMs of [25_000, 30_000, 35_000]) see(silentMs)
  t.match(lines, [/^Warning: the scheduler has not answered for 25 s\./])
  see(null)
  see(null)
  t.same(lines.slice(1), ['The scheduler answers again.'])
  see(25_000)
  t.equal(lines.length, 3)
})

t.test('a silent scheduler that ends does not answer again', async t => {
  const { lines, see } = spoken('it')
  see(25_000)
  see(null, 'lost')
  t.match(lines, [/^Attenzione: lo scheduler non risponde da 25 s\./])
  t.equal(lines.length, 1)
})
