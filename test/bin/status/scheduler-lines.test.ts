import t from 'tap'
import { schedulerLines } from '../../../bin/status/scheduler-lines.ts'
import { silenceOf } from '../../../lib/model/notify/scheduler-silence.ts'
import { translatorFor } from '../../../lib/locales/translator.ts'
import { AT, richSnapshot } from '../../fixtures/console/snapshot.ts'

const SECOND_MS = 1_000

const { scheduler } = richSnapshot()
const reportedAt = scheduler?.updatedAt ?? AT
const lines = (known: { silentMs: number | null; unwritten: string | null }, language: 'en' | 'it' = 'en') =>
  schedulerLines({ scheduler, services: [], workers: [], ...known }, translatorFor(language))
const linesAfter = (ms: number, language: 'en' | 'it' = 'en') =>
  lines({ silentMs: silenceOf(scheduler, reportedAt + ms), unwritten: null }, language)

t.test('does not warn of a scheduler that has just written its state', t => {
  t.equal(linesAfter(10 * SECOND_MS).length, 1)
  t.equal(silenceOf(scheduler, reportedAt + 10 * SECOND_MS), null)
  t.end()
})

t.test('warns of a scheduler that is silent beyond the limit', t => {
  t.equal(silenceOf(scheduler, reportedAt + 36 * SECOND_MS), 36 * SECOND_MS)
  t.match(linesAfter(36 * SECOND_MS), [
    /last heard/,
    /^Warning: the scheduler has not answered for 36 s\. It hangs, or its process is stopped\./,
  ])
  t.match(linesAfter(36 * SECOND_MS, 'it'), [
    /ultimo segnale/,
    /^Attenzione: lo scheduler non risponde da 36 s\./,
  ])
  t.end()
})

t.test('an ended scheduler is not silent', t => {
  t.equal(scheduler && silenceOf({ ...scheduler, phase: 'stopped' }, reportedAt + 36 * SECOND_MS), null)
  t.end()
})

t.test('a scheduler that answers and cannot write is not called hung or stopped', t => {
  const [, warning, ...more] = lines({ silentMs: null, unwritten: 'disk I/O error' })
  t.match(warning, /^Warning: the scheduler answers, but cannot write its state: disk I\/O error\. .*disk/)
  t.strictSame(more, [])
  t.match(lines({ silentMs: null, unwritten: 'EROFS' }, 'it')[1], /^Attenzione: lo scheduler risponde/)
  t.end()
})
