import t from 'tap'
import type { Schedule } from '../../lib/model/schedule/schedule.ts'
import type { State } from '../../screens/state.ts'
import { commandsOf, pressed, seen, textOf } from '../fixtures/console/driven.ts'
import { richSnapshot } from '../fixtures/console/snapshot.ts'

const schedules = (...keys: readonly string[]): State => pressed(seen(), '7', ...keys)[0]

t.test('keys run a schedule now, pause it and resume it', async t => {
  t.same(commandsOf(pressed(schedules('down'), 's')[1]), [{ type: 'schedule.run', name: 'price-watch' }])
  const [paused, effects] = pressed(schedules('down'), 'p')
  t.same(commandsOf(effects), [{ type: 'schedule.pause', name: 'price-watch', paused: true }])
  t.match(paused.activity.at(-1), { text: 'paused schedule price-watch' })
  t.same(commandsOf(pressed(schedules('G'), 'p')[1]), [
    { type: 'schedule.pause', name: 'reports', paused: false },
  ])
})

t.test('deletes a schedule after a question, and refuses for one of the configuration', async t => {
  const [asked] = pressed(schedules('down'), 'd')
  t.match(textOf(asked), /Delete schedule price-watch\?[^]*jobs that have not started are cancelled/)
  t.same(commandsOf(pressed(asked, 'enter')[1]), [], 'the harmless answer is the first')
  t.same(commandsOf(pressed(asked, 'down', 'enter')[1]), [{ type: 'schedule.remove', name: 'price-watch' }])
  t.match(schedules('d').activity.at(-1), { text: /is in the configuration/, tone: 'bad' })
})

t.test('Enter shows the next runs, and the result of the last run', async t => {
  const nightly = textOf(schedules('enter'), { columns: 100, rows: 30 })
  t.match(nightly, /next +│\n│ +2026-03-24 0\d:30:00 [^]*2026-03-28[^]*last +2026-03-23 \S+ +#121 succeeded/)
  t.match(nightly, /skipped while the last one runs/)
  t.match(textOf(schedules('G', 'enter'), { columns: 100, rows: 30 }), /paused[^]*too late to catch up on/)
})

t.test('shows that a console is read-only, and that there are no schedules', async t => {
  const watching = pressed(seen(richSnapshot(), { readOnly: true }), '7', 's')
  t.same(commandsOf(watching[1]), [])
  const none = pressed(seen(richSnapshot({ schedules: [] })), '7')[0]
  t.match(textOf(none), 'There are no schedules')
  t.match(pressed(none, 'p')[0].activity.at(-1), { text: 'No schedule is selected.' })
  const [unknown] = richSnapshot().schedules
  if (unknown === undefined) throw new Error('the snapshot has no schedule')
  const odd = richSnapshot({ schedules: [{ ...unknown, timeZone: 'Mars/Olympus' }] })
  t.match(textOf(pressed(seen(odd), '7')[0]), /nightly .*never/, 'this machine does not know the time zone')
})

const said = (state: State): string => textOf(state, { columns: 100, rows: 30 })
const typed = (text: string): readonly string[] => Array.from(text)
const again = (key: string, times: number): string[] => Array.from({ length: times }, () => key)

t.test('a form makes a schedule, stored as the command line stores it', async t => {
  const form = schedules('n', ...typed('morning'), 'down', 'right', 'down', ...typed('0 7 * * 1-5'))
  t.match(said(form), /New schedule[^]*name \*[^]*morning[^]*workflow \*[^]*cron[^]*0 7 \* \* 1-5/)
  const filled = pressed(form, 'down', 'down', ...typed('Europe/Rome'), 'down', ...typed('06:00-10:00'))[0]
  const more = pressed(filled, 'down', ...typed('30s'), 'down', 'C-u', 'down', 'right', 'down')[0]
  const [sent, effects] = pressed(more, ...typed('wine'), 'down', 'right', 'down', 'down', 'C-u', 'enter')
  t.match(commandsOf(effects), [
    {
      type: 'schedule.put',
      replace: false,
      schedule: {
        name: 'morning',
        workflow: 'order-form',
        timing: { kind: 'cron', expression: '0 7 * * 1-5' },
        timeZone: 'Europe/Rome',
        activeHours: { from: 360, to: 600 },
        jitterMs: 30_000,
        catchUpMs: 0,
        overlap: 'queue',
        input: { article: 'wine', payment: 'card' },
      },
    },
  ])
  t.match(sent.activity.at(-1), { text: 'asked for a new schedule' })
})

t.test('the form of a schedule shows it, changes only edited values, and keeps the others', async t => {
  const [watch] = richSnapshot().schedules.filter(({ name }) => name === 'price-watch')
  if (watch === undefined) throw new Error('the snapshot has no such schedule')
  const wide = richSnapshot({ schedules: [{ ...watch, workers: 3, priority: 7 }] })
  const open = pressed(seen(wide), '7', 'e')[0]
  t.match(said(open), /Schedule price-watch/)
  t.match(said(pressed(open, 'enter')[0]), 'Nothing has been changed')
  t.match(commandsOf(pressed(open, ...again('down', 5), 'C-u', ...typed('45s'), 'enter')[1]), [
    {
      type: 'schedule.put',
      replace: true,
      schedule: {
        name: 'price-watch',
        workflow: watch.workflow,
        workers: 3,
        priority: 7,
        jitterMs: 45_000,
      },
    },
  ])
  t.match(schedules('e').activity.at(-1), { text: /is in the configuration/, tone: 'bad' })
})

t.test("shows the error of a schedule's field at the field, in the language of the screen", async t => {
  const fields = { name: 0, cron: 2, every: 3, zone: 4, hours: 5, jitter: 6, catchUp: 7 }
  const cases = [
    [fields.name, 'Morning', 'lower case letters', 'lettere minuscole'],
    [fields.cron, '61 * * * *', 'no cron expression', "Non è un'espressione cron"],
    [fields.cron, '0 0 30 2 *', 'never be due', 'Nessuna esecuzione possibile'],
    [fields.every, '10ms', '1s to 3650d', 'da 1s a 3650d'],
    [fields.every, '104000000d', '1s to 3650d', 'da 1s a 3650d'],
    [fields.zone, 'Mars/Olympus', 'no such time zone', 'Fuso orario sconosciuto'],
    [fields.hours, 'morning', 'hours such as', 'fascia oraria come'],
    [fields.hours, '08:00-08:00', 'begin when they end', 'diverso dalla fine'],
    [fields.jitter, 'soon', 'a duration such as 30s', 'una durata come 30s'],
    [fields.catchUp, 'late', 'a duration such as 1h', 'una durata come 1h'],
  ] as const
  for (const [field, text, english, italian] of cases) {
    for (const [language, words] of [
      ['en', english],
      ['it', italian],
    ] as const) {
      const named = pressed(
        seen(richSnapshot(), { language }),
        '7',
        'n',
        ...typed('morning'),
        'down',
        'right',
      )[0]
      // The tested field must hold the only error.
      const timed = field === fields.cron || field === fields.every
      const open = timed ? named : pressed(named, 'down', 'down', ...typed('15m'))[0]
      const by = field - (timed ? 1 : 3)
      const wrong = pressed(
        open,
        ...again(by < 0 ? 'up' : 'down', Math.abs(by)),
        'C-u',
        ...typed(text),
        'enter',
      )
      t.match(said(wrong[0]), words, `${text} in ${language}`)
      t.same(commandsOf(wrong[1]), [])
    }
  }
  const neither = pressed(seen(richSnapshot()), '7', 'n', ...typed('morning'), 'enter')[0]
  t.match(said(neither), 'Fill in either cron or every.')
})

t.test('offers only keys that have an effect', async t => {
  t.match(textOf(schedules('G')).split('\n').at(-1), / p Go on /)
  const none = pressed(seen(richSnapshot({ schedules: [] })), '7')[0]
  const footer = textOf(none).split('\n').at(-1) ?? ''
  t.match(footer, / n New /)
  t.notMatch(footer, /Run now|Pause|Edit|Delete|Read/)
  t.match(
    textOf(schedules('down')).split('\n').at(-1),
    / s Run now {2}p Pause {2}n New {2}e Edit {2}d Delete /,
  )
  const watching = pressed(seen(richSnapshot(), { readOnly: true }), '7', 'down')[0]
  t.notMatch(textOf(watching).split('\n').at(-1), /Run now|New|Edit/)
})

/** Keys that open the form of a new schedule of `order-form`, at the first field of its input. */
const ORDER = [
  'n',
  ...typed('morning'),
  'down',
  'right',
  'down',
  'down',
  ...typed('15m'),
  ...again('down', 6),
]

t.test('asks for the input of a workflow field by field, and checks it while typing', async t => {
  const form = schedules(...ORDER)
  t.match(said(form), /input article \*[^]*input payment \*[^]*input note[^]*input bottles +6/)
  t.match(said(pressed(form, 'x')[0]), /! This needs at least 3 characters/)
  const [missing, nothing] = pressed(form, 'enter')
  t.same(commandsOf(nothing), [])
  t.match(said(missing), /› input article \*/, 'the first invalid field is selected')
  t.match(said(missing), 'This is required.')
  const filled = [...typed('wine'), 'down', 'right', 'down', 'down', 'C-u', '2']
  t.match(commandsOf(pressed(form, ...filled, 'enter')[1]), [
    { type: 'schedule.put', schedule: { input: { article: 'wine', payment: 'card', bottles: 2 } } },
  ])
})

t.test('another workflow has other fields, and one without a schema gets JSON', async t => {
  const whole = schedules(
    'n',
    ...typed('morning'),
    'down',
    'down',
    'down',
    ...typed('15m'),
    ...again('down', 6),
  )
  t.match(said(whole), /› input +│/)
  t.match(said(pressed(whole, '{')[0]), 'This must be JSON.')
  t.match(commandsOf(pressed(whole, ...typed('{"shop":1}'), 'enter')[1]), [
    { schedule: { workflow: 'cheapest-offer', input: { shop: 1 } } },
  ])
  const other = pressed(whole, ...typed('{'), ...again('up', 8), 'right')[0]
  t.match(said(other), /› workflow \*[^]*order-form[^]*input article/)
  t.notMatch(said(other), /input +\{/)
  const back = pressed(other, 'left')[0]
  t.notMatch(said(back), 'input article')
})

t.test('the form of a schedule shows its input, and keeps values that its fields cannot show', async t => {
  const [, watch] = richSnapshot().schedules
  if (watch === undefined) throw new Error('the snapshot has no such schedule')
  const opened = (input: Schedule['input']) =>
    pressed(seen(richSnapshot({ schedules: [{ ...watch, workflow: 'order-form', input }] })), '7', 'e')[0]
  const plain = { article: 'wine', payment: 'card', gift: true, tags: ['a', 'b'] }
  const text = said(opened(plain))
  t.match(
    text,
    /input article \* +wine[^]*input payment \* +card[^]*input gift +true[^]*input tags +\["a","b"\]/,
  )
  t.match(text, /input bottles +│/, 'a default missing in the stored input is not added')
  t.match(said(pressed(opened(plain), 'enter')[0]), 'Nothing has been changed')
  t.match(commandsOf(pressed(opened(plain), ...again('up', 2), 'space', 'enter')[1]), [
    { schedule: { input: { ...plain, gift: false } } },
  ])
  for (const odd of [{ ...plain, unknown: 1 }, { ...plain, article: 7 }, ['wine'], 'wine']) {
    t.match(said(opened(odd)), `input                   ${JSON.stringify(odd)}`.slice(0, 60))
  }
  const long = { article: 'x'.repeat(5_000), payment: 'card' }
  t.notMatch(said(opened(long)), 'input')
  t.match(commandsOf(pressed(opened(long), ...again('down', 5), 'C-u', ...typed('45s'), 'enter')[1]), [
    { schedule: { input: long, jitterMs: 45_000 } },
  ])
})

t.test('a long form scrolls, and shows the position', async t => {
  const form = { ...schedules(...ORDER), size: { columns: 40, rows: 10 } }
  t.match(textOf(form), /New schedule 10\/15/)
  t.match(textOf(form), /› input article/)
  t.notMatch(said(form), /10\/15/)
})
