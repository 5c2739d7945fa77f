import t from 'tap'
import type { Effect, State } from '../../../screens/state.ts'
import { after, pressed, pressedAndRead, seen, textOf } from '../../fixtures/console/driven.ts'
import { AT, richSnapshot } from '../../fixtures/console/snapshot.ts'

const commandsOf = (effects: readonly Effect[]) =>
  effects.flatMap(effect => (effect.type === 'perform' ? [effect.command] : []))

const typed = (text: string): string[] => Array.from(text, key => (key === ' ' ? 'space' : key))

/** Opens the database screen with the cursor in the rows of the jobs. */
const jobs = (...keys: readonly string[]): State => pressedAndRead(seen(), '6', 'enter', ...keys)[0]
/** Opens the database screen with the cursor in the rows of a table further down. */
const table = (down: number, ...keys: readonly string[]): State =>
  pressedAndRead(seen(), '6', ...Array.from({ length: down }, () => 'down'), 'enter', ...keys)[0]

t.test('reads nothing before the database screen is open, and one thing at a time', async t => {
  t.same(after(seen(), { type: 'tick', at: AT + 60_000 })[1], [])
  const [asked, effects] = pressed(seen(), '6')
  t.match(effects, [{ type: 'look-up', lookup: { type: 'database', rows: null } }])
  t.equal(effects.length, 1)
  t.match(textOf(asked), 'Reading the database')
  t.same(pressed(asked, 'down', 'tab')[1], [], 'nothing more is requested while a request is pending')
})

t.test('lists tables with their row counts, and shows the chosen table at once', async t => {
  const [state] = pressedAndRead(seen(), '6')
  t.match(textOf(state), /› jobs +1,000[^]*counters +2/)
  t.match(textOf(state), /1 order-form/)
  t.match(textOf(pressedAndRead(state, 'down')[0]), /orders[^]*1234567/)
  t.match(textOf(pressedAndRead(state, 'G')[0]), 'The table is empty.')
})

t.test('reads a long table page by page as the cursor nears the end of a page', async t => {
  const first = jobs()
  t.equal(first.database.shown?.page.rows.length, 200)
  const [last] = pressedAndRead(first, 'G')
  t.match(textOf(last), /› +1000 .*/)
  t.match(textOf(last), '1,000/1,000')
  t.equal(last.database.shown?.query.offset, 899)
  const [near, effects] = pressed(jobs(...Array.from({ length: 10 }, () => 'pagedown')), 'down')
  t.equal(near.database.shown?.query.offset, 60, 'the next page was requested in advance')
  t.same(effects, [])
  t.equal(near.selected.rows, `{"id":${near.database.cursor + 1}}`)
})

t.test('a new row above the cursor does not move the cursor to another row', async t => {
  const state = jobs('down', 'down')
  const [asked] = after(state, { type: 'tick', at: AT + 3_000 })
  const { pending, database } = asked
  const query = { table: 'jobs', offset: 0, limit: 200 }
  const page = database.shown?.page
  if (page === undefined || pending.database === null) throw new Error('It was not looked up again.')
  const rows = [[0, 'new', '{}', 'queued', 0, AT, null], ...page.rows]
  const answer = { type: 'database', tables: [page.table], page: { ...page, rows, total: 1_001 } } as const
  const message = {
    type: 'looked-up',
    at: AT,
    id: pending.database.id,
    result: { ok: true, answer },
  } as const
  const [next] = after(asked, { ...message, lookup: { type: 'database', rows: query } })
  t.equal(next.selected.rows, '{"id":3}')
  t.equal(next.database.cursor, 3)
  const [stray] = after(next, { ...message, lookup: { type: 'database', rows: query } })
  t.same(stray, next, 'a reply to no pending request changes nothing')
})

t.test('keys filter and sort rows by the selected cell, and Esc clears both', async t => {
  const state = jobs('/', ...typed('wine 77'), 'enter')
  t.match(textOf(state), /\/wine 77 +1\/11/)
  const one = jobs('/', ...typed('id:1000'), 'enter')
  t.match(textOf(one), '1/1')
  t.match(textOf(jobs('/', ...typed('http:x'), 'enter')), 'No row matches. Press Esc to show all.')
  const [rising] = pressedAndRead(state, 'right', 'o')
  t.match(rising.database.sort, { column: 'workflow', descending: false })
  const [falling] = pressedAndRead(rising, 'o')
  t.match(falling.database.sort, { column: 'workflow', descending: true })
  t.match(textOf(falling), /1\/11/)
  t.match(pressedAndRead(falling, 'escape')[0].database, { filter: '', sort: { column: 'workflow' } })
  const [all] = pressedAndRead(falling, 'escape', 'escape')
  t.match(all.database, { filter: '', sort: null })
  t.match(textOf(all), '1/1,000')
})

t.test('checks a new row field by field, and shows errors in the operator’s language', async t => {
  const [form] = pressedAndRead(table(1), 'n', 'enter')
  t.match(textOf(form), /New row of counters[^]*› name \* +![^]*! This is required\./)
  const [wrong, none] = pressedAndRead(form, ...typed('orders'), 'down', ...typed('many'), 'enter')
  t.same(none, [])
  t.match(textOf(wrong), 'This must be a whole number.')
  const keys = ['backspace', 'backspace', 'backspace', 'backspace', '7', 'enter']
  const [asked, effects] = pressedAndRead(wrong, ...keys)
  t.same(commandsOf(effects), [
    { type: 'rows.insert', table: 'counters', values: { name: 'orders', value: '7' } },
  ])
  const activityId = asked.overlay?.type === 'form' ? asked.overlay.asked : null
  const refused = { ok: false, message: 'counters already has a row.' } as const
  const [told] = after(asked, { type: 'performed', at: AT, activityId, result: refused })
  t.match(textOf(told), '! counters already has a row.')
  const italian = pressedAndRead(table(1, 'l'), 'n', 'enter')[0]
  t.match(textOf(italian), /Nuova riga di counters[^]*Campo obbligatorio\./)
})

t.test('an update contains only the changed values, with the values that were seen', async t => {
  const [form] = pressedAndRead(jobs('down'), 'e')
  t.match(textOf(form), 'Change id 2 of jobs')
  t.match(textOf(pressedAndRead(form, 'enter')[0]), 'Nothing has been changed.')
  const [, effects] = pressedAndRead(form, 'down', '5', 'enter')
  t.match(commandsOf(effects), [
    {
      type: 'rows.change',
      table: 'jobs',
      rows: [{ key: { id: 2 }, seen: { id: 2, priority: 1, workflow: 'cheapest-offer' } }],
      values: { priority: '15' },
    },
  ])
  const [wrong] = pressedAndRead(form, 'down', 'down', 'C-u', ...typed('noon'))
  t.match(textOf(wrong), 'This must be a time, such as 2026-11-25 14:30.')
  t.same(commandsOf(pressedAndRead(wrong, 'enter')[1]), [])
  const [, rule] = pressedAndRead(form, 'down', ...typed('99999999999'), 'enter')
  t.same(commandsOf(rule), [], 'a value that violates the rules of its column is refused here, too')
})

t.test('edits JSON without loss, with escapes for what a line cannot hold', async t => {
  const [form] = pressedAndRead(table(2, 'down'), 'e')
  t.match(textOf(form), String.raw`"a\u202eb\u0007"`)
  const [, effects] = pressedAndRead(form, 'left', '!', 'enter')
  t.match(commandsOf(effects), [{ values: { value: String.raw`"a\u202eb\u0007!"` } }])
})

t.test('changes and deletes marked rows together, after a question that defaults to no', async t => {
  const marked = jobs('space', 'down', 'space')
  const [form] = pressedAndRead(marked, 'e')
  t.match(textOf(form), 'Change 2 rows of jobs')
  const [differing] = pressed(form, 'down')
  t.match(
    textOf(differing),
    /priority +[^*][^]*Values differ\. Leave empty to keep each row's value\. A whole number\./,
  )
  t.same(commandsOf(pressedAndRead(differing, 'enter')[1]), [], 'nothing is requested')
  const [, change] = pressedAndRead(form, 'down', '3', 'enter')
  t.match(commandsOf(change), [
    {
      rows: [
        { key: { id: 1 }, seen: { priority: 0 } },
        { key: { id: 3 }, seen: { priority: 2 } },
      ],
      values: { priority: '3' },
    },
  ])
  const [asked, none] = pressedAndRead(marked, 'd')
  t.match(textOf(asked), 'Delete 2 marked rows of jobs?')
  t.same(commandsOf(none), [])
  t.same(commandsOf(pressedAndRead(asked, 'enter')[1]), [], 'Enter alone deletes nothing')
  const [done, effects] = pressedAndRead(asked, 'down', 'enter')
  t.same(commandsOf(effects), [{ type: 'rows.remove', table: 'jobs', keys: [{ id: 1 }, { id: 3 }] }])
  t.same(done.marked.rows, [])
  t.match(textOf(pressedAndRead(jobs('down'), 'd')[0]), 'Delete id 2 of jobs?')
})

t.test('shows the reason why a table or a read-only console refuses a change', async t => {
  const said = (state: State, key: string) => pressedAndRead(state, key)[0].activity.at(-1)?.text ?? ''
  t.match(said(jobs(), 'n'), 'Only the program adds rows to jobs.')
  t.match(said(table(3), 'e'), 'Rows of offers are read-only')
  t.match(said(table(3), 'd'), 'Only the program removes rows of offers.')
  const watching = pressedAndRead(seen(richSnapshot(), { readOnly: true }), '6', 'down', 'enter')[0]
  for (const key of ['n', 'e', 'd', 'C-s']) t.match(said(watching, key), 'console is read-only')
  t.match(textOf(pressedAndRead(watching, 'enter')[0]), 'counters: name orders')
})

t.test('writes the shown rows to a file in the chosen format', async t => {
  const [asked] = pressedAndRead(jobs('/', ...typed('wine 77'), 'enter'), 'C-s')
  t.match(textOf(asked), /Write 11 rows of jobs to a file\?[^]*Only rows with "wine 77"\.[^]*› Cancel/)
  const [, effects] = pressedAndRead(asked, 'down', 'down', 'enter')
  t.match(commandsOf(effects), [
    { type: 'rows.export', format: 'json', query: { table: 'jobs', filter: { text: 'wine 77' } } },
  ])
})

t.test('shows a whole row with formatted JSON, and reports and retries a failed read', async t => {
  const [row] = pressedAndRead(jobs(), 'enter')
  t.match(textOf(row), /jobs: id 1[^]*"article": "wine 1",[^]*due_at +2026-03-23 14:03:22/)
  t.equal(pressed(row, 'escape')[0].overlay, null)
  const [asked] = pressed(seen(), '6')
  const result = { ok: false, message: 'The store does not answer.' } as const
  const lookup = { type: 'database', rows: null } as const
  const [failed, none] = after(asked, { type: 'looked-up', at: AT, id: asked.lookedUp, lookup, result })
  t.match(textOf(failed), 'The store does not answer.')
  t.same(none, [])
  t.match(after(failed, { type: 'tick', at: AT + 3_000 })[1], [
    { type: 'look-up', lookup: { type: 'database' } },
  ])
})

t.test('hides passwords of a workflow in rows and forms, and an export warns of them', async t => {
  const { scheduler } = richSnapshot()
  const inputSchema = { type: 'object', properties: { article: { type: 'string', format: 'password' } } }
  const workflows = scheduler?.workflows.map(one => ({ ...one, inputSchema })) ?? []
  const snapshot = richSnapshot({ scheduler: scheduler && { ...scheduler, workflows } })
  const size = { columns: 160, rows: 40 }
  for (const keys of [[], ['enter'], ['e']]) {
    const open = pressedAndRead({ ...seen(), size }, '6', 'enter', ...keys)[0]
    t.match(textOf(open), /wine 1\W/, 'a row without passwords is shown whole')
    const hidden = pressedAndRead({ ...seen(snapshot), size }, '6', 'enter', ...keys)[0]
    t.notMatch(textOf(hidden), /wine \d/)
  }
  t.match(textOf(pressedAndRead({ ...seen(), size }, '6', 'enter', 'C-s')[0]), 'The file holds everything')
})
