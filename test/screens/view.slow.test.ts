import t from 'tap'
import { en } from '../../lib/locales/en.ts'
import { it } from '../../lib/locales/it.ts'
import { BINDINGS, ACTION_IDS, actionsHere } from '../../screens/keymap.ts'
import { SCREENS } from '../../screens/panes.ts'
import { NOTHING_COUNTED } from '../../lib/app/port/snapshot.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import { THEMES } from '../../screens/theme.ts'
import { rowWidth } from '../../screens/view/drawing/row.ts'
import { AT, richSnapshot } from '../fixtures/console/snapshot.ts'
import { after, concludedWith, pressed, seen, textOf, viewOf } from '../fixtures/console/driven.ts'

const WIDTHS = [1, 2, 5, 12, 20, 39, 40, 50, 71, 72, 80, 109, 120, 300]
const HEIGHTS = [1, 2, 3, 5, 8, 10, 15, 16, 19, 20, 24, 30, 40, 80]
const KEYS = [
  [],
  ['?'],
  ['x'],
  ['q'],
  ['z'],
  ['tab', 'z'],
  ['4', 'f', 'up'],
  ['3', 'down'],
  [':', 'a'],
  ['2', 'n'],
  ['2', 'n', 'down', 'enter'],
  ['4', '/', 'a'],
  ['4', 'w', 'g'],
]

t.test('every row of every screen fills its width exactly, at any size', async t => {
  let wrong = 0
  let turn = 0
  for (const columns of WIDTHS) {
    for (const rows of HEIGHTS) {
      for (const screen of SCREENS) {
        // Each screen is drawn with all of these keys at many sizes. Every combination would find
        // no more.
        const keys = KEYS[turn % KEYS.length] ?? []
        turn += 1
        const size = { columns, rows }
        const base = seen(richSnapshot(), { size, screen, language: turn % 2 === 0 ? 'en' : 'it' })
        const { header, body, footer, overlay } = viewOf(pressed(base, ...keys)[0])
        for (const region of [header, body, footer, overlay]) {
          if (region === null) continue
          if (region.rows.some(row => rowWidth(row) !== region.width)) wrong += 1
          if (region !== overlay && region.rows.length !== region.height) wrong += 1
        }
      }
    }
  }
  t.equal(wrong, 0)
})

t.test('the screens show that they connect before the first snapshot', async t => {
  for (const screen of SCREENS) t.match(textOf(seen(null, { screen })), /connecting/)
})

t.test('help names every key of the table in both languages', async t => {
  for (const [language, words] of [
    ['en', en],
    ['it', it],
  ] as const) {
    const [state] = pressed(seen(richSnapshot(), { language }), '?')
    const text = textOf(state, { columns: 300, rows: 100 })
    for (const id of ACTION_IDS) t.ok(text.includes(words.keys[id].help), `${language} ${id}`)
  }
})

t.test('scrolling reaches every key of the help at any size', async t => {
  for (const size of [
    { columns: 40, rows: 10 },
    { columns: 80, rows: 24 },
    { columns: 120, rows: 40 },
  ]) {
    let [state] = pressed({ ...seen(), size }, '?')
    let text = textOf(state)
    for (let turns = 0; turns < 4 * ACTION_IDS.length && textOf(state).includes('more below'); turns += 1) {
      ;[state] = pressed(state, 'pagedown')
      text += textOf(state)
    }
    t.notMatch(textOf(state), 'more below')
    t.equal(textOf(pressed(state, 'G')[0]), textOf(state))
    t.not(textOf(pressed(state, 'G', 'up')[0]), textOf(state), 'scrolling back begins at the last page')
    t.notMatch(text, '…', 'nothing is cut')
    for (const id of ACTION_IDS) t.ok(text.includes(en.keys[id].help.slice(0, 12)), id)
  }
})

t.test('the footer shows the keys of the pane, and always help and quit', async t => {
  const footer = (keys: readonly string[], columns = 80) => {
    const { footer } = viewOf(pressed(seen(), ...keys)[0], { columns, rows: 24 })
    return (
      footer.rows
        .at(-1)
        ?.map(({ text }) => text)
        .join('') ?? ''
    )
  }
  t.match(footer([]), /x Cancel job .*\? Help {2}q Quit $/)
  t.match(footer(['S-tab']), /^ x Stop {2}r Restart/, 'a running service cannot be started')
  t.match(footer(['S-tab', 'down', 'down']), /^ s Start {2}r Restart/, 'a stopped service cannot be stopped')
  t.match(footer(['2', '?']), /^ Esc Close .*\? Help {2}q Quit $/)
  t.match(footer([], 40), /\? Help {2}q Quit $/)
})

t.test("help opens without the screen's notice, and reports the effect of its own keys", async t => {
  const message = (keys: readonly string[]) =>
    viewOf(pressed(seen(), ...keys)[0])
      .footer.rows[0]?.map(({ text }) => text)
      .join('')
      .trim()
  t.equal(message(['2']), '2: opened Jobs')
  t.equal(message(['2', '?']), '')
  t.equal(message(['2', '?', 'l']), 'l: lingua: Italiano')
  t.equal(message(['2', '?', 'escape']), '2: opened Jobs')
})

t.test('a note of a service uses the free width, and is not cut while there is any', async t => {
  const doing = { what: 'next-run', schedule: 'price-watch-at-night', at: AT } as const
  const services = richSnapshot().services.map(one => (one.name === 'cron' ? { ...one, doing } : one))
  const state = seen(richSnapshot({ services }))
  const roomy = { columns: 120, rows: 40 }
  t.match(textOf(state), /cron +● running next: 23 Mar, \d\d:\d\d \(price-/)
  t.match(textOf({ ...state, language: 'it' }), /cron +● attivo prossima: 23 mar, \d\d:\d\d \(pr/)
  t.match(textOf(state), 'no route to api.telegram.org ')
  t.match(textOf(state, roomy), '(price-watch-at-night) ', 'the note replaces the times')
  t.match(textOf(seen(), roomy), /no route to api.telegram.org +1 min/, 'otherwise the times are shown')
})

t.test('no key has two meanings at one place', async t => {
  for (const screen of SCREENS) {
    const state = seen(richSnapshot(), { screen })
    const keys = actionsHere(state).flatMap(id => BINDINGS[id].keys)
    t.equal(new Set(keys).size, keys.length, screen)
  }
})

t.test('ASCII mode uses only ASCII', async t => {
  for (const screen of SCREENS) {
    t.match(textOf(seen(richSnapshot(), { screen, ascii: true, language: 'it' })), /^[\n -~]+$/)
  }
})

t.test('the worker screen shows the DevTools address if its browser has a port', async t => {
  const size = { columns: 120, rows: 40 }
  const shown = (devtools: string | null) => {
    const workers = richSnapshot().workers.map(worker => ({
      ...worker,
      browser: worker.browser === null ? null : { ...worker.browser, devtools },
    }))
    return textOf(pressed(seen(richSnapshot({ workers }), { size }), 'enter')[0])
  }
  t.match(shown('http://127.0.0.1:20001'), /DevTools +http:\/\/127\.0\.0\.1:20001/)
  t.notMatch(shown(null), 'DevTools')
})

t.test('the phase time of a worker that was killed stops', async t => {
  const times = (killed: boolean) => {
    const [first] = richSnapshot().workers
    if (first === undefined) throw new Error('the snapshot has no workers')
    const workers = [killed ? { ...first, state: 'exited' as const, outcome: 'crashed' as const } : first]
    const dashboard = seen(richSnapshot({ workers }), { size: { columns: 120, rows: 40 } })
    const [now] = pressed(dashboard, 'enter')
    const [later] = after(now, { type: 'tick', at: AT + 8_000 })
    return [now, later].map(state => /\d+\/30 s/.exec(textOf(state))?.[0])
  }
  t.strictSame(times(false), ['12/30 s', '20/30 s'])
  t.strictSame(times(true), ['11/30 s', '11/30 s'])
})

t.test('a held browser takes its slot in every count of the screen', async t => {
  const { scheduler, workers } = richSnapshot()
  const idle = scheduler && { ...scheduler, active: 0 }
  const open = workers.slice(0, 1).map(worker => ({ ...worker, state: 'kept' as const }))
  const snapshot = richSnapshot({ scheduler: idle, workers: open })
  const text = textOf(seen(snapshot), { columns: 120, rows: 40 })
  t.match(text, /Workers ─+ 1\/8 /)
  t.match(text, '1/8 workers')
  t.notMatch(text, '0/8')
})

t.test('an empty list shows the whole reason, in lines that fit', async t => {
  const none = richSnapshot({ workers: [], counts: NOTHING_COUNTED })
  const paused = {
    ...none,
    scheduler: none.scheduler && { ...none.scheduler, phase: 'paused' as const, active: 0 },
    services: none.services.map(one =>
      one.name === 'scheduler' ? { ...one, actual: 'stopped' as const } : one,
    ),
  }
  const size = { columns: 40, rows: 10 }
  t.match(textOf({ ...seen(paused), size }).replaceAll(/\s+/g, ' '), en.empty.workersPaused)
  const full = none.scheduler && { ...none.scheduler, phase: 'no-room' as const }
  const noRoom = { ...none, scheduler: full }
  t.match(textOf({ ...seen(noRoom), size }).replaceAll(/\s+/g, ' '), en.empty.workersNoRoom)
  const gone = none.scheduler && {
    ...none.scheduler,
    phase: 'draining' as const,
    replaced: { version: null },
  }
  const noPackage = { ...seen({ ...none, scheduler: gone }), size }
  t.match(textOf(noPackage).replaceAll(/\s+/g, ' '), en.empty.workersNoPackage)
  const italian = { ...seen(paused), language: 'it' as const }
  t.match(textOf(italian).replaceAll(/[│\s]+/g, ' '), it.empty.workersPaused)
})

t.test('help shows the whole name of a written file', async t => {
  const path = 'data/reports/jobs_of_a_table_2026-11-26_01-02-03.csv'
  const [asked] = pressed(seen(), '4', 'C-s')
  const told = concludedWith(asked, { ok: true, path, rows: 26 })
  t.match(textOf(pressed(told, '?', 'G')[0]), path)
})

t.test('the header shows the state of the scheduler, wherever it runs', async t => {
  const { scheduler, services } = richSnapshot()
  const paused = { scheduler: scheduler && { ...scheduler, phase: 'paused' as const } }
  const state = (more: Partial<Snapshot>) => seen(richSnapshot({ ...paused, ...more }))
  t.match(textOf(state({})), '◐ paused')
  t.match(textOf(state({ connection: 'attached' })), '◐ attached, paused')
  t.match(textOf({ ...state({ connection: 'attached' }), language: 'it' }), '◐ collegata, in pausa')
  const gone = { ...paused.scheduler, phase: 'draining' as const, replaced: { version: null } }
  t.match(textOf(state({ scheduler: scheduler && { ...scheduler, ...gone } })), '◐ package missing')
  t.match(textOf(seen(richSnapshot({ connection: 'attached' }))), '● attached ')
  const starting = services.map(one =>
    one.name === 'scheduler' ? { ...one, actual: 'starting' as const } : one,
  )
  const [starts] = pressed(state({ services: starting }), 'S-tab')
  t.match(textOf(starts), '◐ starting')
  t.match(pressed(starts, 's')[0].activity.at(-1)?.text, /is starting already/)
  t.notMatch(textOf(starts), 's Start')
})

t.test('a scheduler that does not answer is shown neither as attached nor as running', async t => {
  const silent = seen(richSnapshot({ connection: 'attached', silentMs: 45_000 }))
  t.match(textOf(silent), 'automate-tui  ! scheduler silent 45 s')
  t.match(textOf(silent), /scheduler +! silent 45 s/)
  t.match(textOf(silent), `! ${en.silent}`)
  t.notMatch(textOf(silent), 'attached')
  const warning = viewOf(silent)
    .header.rows.flat()
    .find(({ text }) => text.includes('silent'))
  t.same(warning?.style, THEMES[silent.theme].roles.warn)
  t.match(textOf(silent, { columns: 40, rows: 10 }), 'Dashboard  ! silent 45 s')
  const italian = textOf({ ...silent, language: 'it' })
  t.match(italian, '! scheduler muto da 45 s')
  t.match(italian, `! ${it.silent}`)
  const [back] = after(silent, {
    type: 'snapshot',
    at: AT,
    snapshot: richSnapshot({ connection: 'attached' }),
  })
  t.match(textOf(back), '● attached ')
  t.match(textOf(back), /scheduler +● running/)
})

t.test('a scheduler that cannot write is not shown as silent, nor are its workers', async t => {
  const why = 'disk I/O error'
  const snapshot = richSnapshot({ connection: 'attached', unwritten: why })
  const workers = snapshot.workers.map(worker => ({ ...worker, updatedAt: AT - 60_000 }))
  const text = textOf(seen({ ...snapshot, workers }))
  t.match(text, 'automate-tui  ! scheduler cannot write')
  t.match(text, /scheduler +! cannot write/)
  t.match(text, `! The disk accepts no writes (${why})`)
  t.notMatch(text, /silent|hangs/)
  t.match(textOf(seen(snapshot), { columns: 40, rows: 10 }), 'Dashboard  ! cannot write')
  t.match(textOf({ ...seen(snapshot), language: 'it' }), '! lo scheduler non può scrivere')
})

t.test('a refusal for want of a connection is not shown once connected', async t => {
  const connecting = richSnapshot({ connection: 'connecting', scheduler: null })
  const [refused] = pressed(seen(connecting), '2', 'n')
  t.match(textOf(refused), en.unavailable.notConnected)
  const [attached] = after(refused, {
    type: 'snapshot',
    at: AT,
    snapshot: richSnapshot({ connection: 'attached', scheduler: null }),
  })
  t.match(textOf(attached), en.activity.connected)
  t.match(textOf(pressed(attached, 'n')[0]), 'reads the workflows')
})
