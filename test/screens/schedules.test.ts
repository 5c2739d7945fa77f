import t from 'tap'
import type { Effect, State } from '../../screens/state.ts'
import { pressed, seen, textOf } from '../fixtures/console/driven.ts'
import { richSnapshot } from '../fixtures/console/snapshot.ts'

const commandsOf = (effects: readonly Effect[]) =>
  effects.flatMap(effect => (effect.type === 'perform' ? [effect.command] : []))

const schedules = (...keys: readonly string[]): State => pressed(seen(), '7', ...keys)[0]

t.test('a schedule is run now, paused and let go on by its keys', async t => {
  t.same(commandsOf(pressed(schedules('down'), 's')[1]), [{ type: 'schedule.run', name: 'price-watch' }])
  const [paused, effects] = pressed(schedules('down'), 'p')
  t.same(commandsOf(effects), [{ type: 'schedule.pause', name: 'price-watch', paused: true }])
  t.match(paused.activity.at(-1), { text: 'paused schedule price-watch' })
  t.same(commandsOf(pressed(schedules('G'), 'p')[1]), [
    { type: 'schedule.pause', name: 'reports', paused: false },
  ])
})

t.test('a schedule is deleted after a question, and one of the configuration is not', async t => {
  const [asked] = pressed(schedules('down'), 'd')
  t.match(textOf(asked), /Delete schedule price-watch\?[^]*jobs that have not begun are cancelled/)
  t.same(commandsOf(pressed(asked, 'enter')[1]), [], 'the harmless answer is the first')
  t.same(commandsOf(pressed(asked, 'down', 'enter')[1]), [{ type: 'schedule.remove', name: 'price-watch' }])
  t.match(schedules('d').activity.at(-1), { text: /stands in the configuration/, tone: 'bad' })
})

t.test('Enter shows the next runs, and what became of the last', async t => {
  const nightly = textOf(schedules('enter'), { columns: 100, rows: 30 })
  t.match(
    nightly,
    /next +│\n│ +2026-03-24 0\d:30:00 [^]*2026-03-28[^]*last +2026-03-23 \S+ +job 121 is queued/,
  )
  t.match(nightly, /left out while the last one runs/)
  t.match(textOf(schedules('G', 'enter'), { columns: 100, rows: 30 }), /paused[^]*too late to catch up on/)
})

t.test('who only watches, and who has none, is told so', async t => {
  const watching = pressed(seen(richSnapshot(), { readOnly: true }), '7', 's')
  t.same(commandsOf(watching[1]), [])
  const none = pressed(seen(richSnapshot({ schedules: [] })), '7')[0]
  t.match(textOf(none), 'There are no schedules')
  t.match(pressed(none, 'p')[0].activity.at(-1), { text: 'No schedule is selected.' })
  const [unknown] = richSnapshot().schedules
  if (unknown === undefined) throw new Error('the snapshot has no schedule')
  const odd = richSnapshot({ schedules: [{ ...unknown, timeZone: 'Mars/Olympus' }] })
  t.match(textOf(pressed(seen(odd), '7')[0]), /nightly .*never/, 'a zone that this machine does not know')
})
