import t from 'tap'
import { silenceReporter } from '../../../bin/commands/run.ts'
import { translatorFor } from '../../../lib/locales/translator.ts'

function spoken(language: 'en' | 'it' = 'en') {
  const lines: string[] = []
  const listen = silenceReporter(translatorFor(language), line => lines.push(line))
  const see = (silentMs: number | null, connection: 'attached' | 'lost' = 'attached') =>
    listen({ silentMs, unwritten: null, connection })
  const seeUnwritten = (unwritten: string) => listen({ silentMs: null, unwritten, connection: 'attached' })
  return { lines, see, seeUnwritten }
}

t.test('reports the silence of a scheduler once, and its end once', async t => {
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

t.test('a silent scheduler that ends is not reported as answering again', async t => {
  const { lines, see } = spoken('it')
  see(25_000)
  see(null, 'lost')
  t.match(lines, [/^Attenzione: lo scheduler non risponde da 25 s\./])
  t.equal(lines.length, 1)
})

t.test('a scheduler that answers and cannot write is not called silent', async t => {
  const { lines, see, seeUnwritten } = spoken()
  seeUnwritten('disk I/O error')
  seeUnwritten('disk I/O error')
  t.match(lines, [/^Warning: the scheduler answers, but cannot write its state: disk I\/O error\./])
  t.notMatch(lines[0], /hangs|stopped|has not answered/)
  see(60_000)
  t.match(lines[1], /has not answered for 1 min/)
  seeUnwritten('disk I/O error')
  see(null)
  t.strictSame(lines.slice(3), ['The scheduler writes its state again.'])
})
