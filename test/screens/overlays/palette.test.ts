import t from 'tap'
import { en } from '../../../lib/locales/en.ts'
import { fuzzyScore } from '../../../screens/overlays/fuzzy.ts'
import { ACTION_IDS } from '../../../screens/keymap.ts'
import { paletteEntries } from '../../../screens/overlays/palette.ts'
import type { State } from '../../../screens/state.ts'
import { AT, richSnapshot } from '../../fixtures/console/snapshot.ts'
import { after, pressed, seen, textOf } from '../../fixtures/console/driven.ts'

const typed = (text: string): string[] => Array.from(text, key => (key === ' ' ? 'space' : key))

const entries = ({ overlay, ...rest }: State) =>
  overlay?.type === 'palette' ? paletteEntries({ overlay, ...rest }, overlay) : []

t.test('letters match a name in order, and starts of words match best', async t => {
  t.equal(fuzzyScore('Cancel job', 'jc'), null)
  t.equal(fuzzyScore('anything', ''), 0)
  t.ok((fuzzyScore('Cancel job', 'cj') ?? 0) > (fuzzyScore('Scroll banjo', 'cj') ?? 0))
  t.ok((fuzzyScore('Retry job', 'retry') ?? 0) > (fuzzyScore('read the story', 'retry') ?? 0))
})

t.test('lists every command, the usable ones first, the others with their reason', async t => {
  const [open] = pressed(seen(), ':')
  const list = entries(open)
  t.same(
    new Set(list.map(({ id }) => id)),
    new Set(ACTION_IDS.filter(id => id !== 'palette' && id !== 'helpClose')),
  )
  const firstRefused = list.findIndex(({ refusal }) => refusal !== null)
  t.ok(list.slice(firstRefused).every(({ refusal }) => refusal !== null))
  const [watching] = pressed(seen(richSnapshot(), { readOnly: true }), ':', ...typed('cancel job'))
  t.match(textOf(watching), /›!Cancel job +x +Cancel the job, or all marked[^]*! This console is read-only/)
})

t.test('cuts no text about the chosen command, and no row repeats its name', async t => {
  for (const columns of [40, 80, 120]) {
    const size = { columns, rows: columns === 40 ? 10 : 24 }
    const find = (text: string) => textOf(pressed({ ...seen(), size }, ':', ...typed(text))[0])
    const said = (text: string) => find(text).replaceAll(/[│\s]+/g, ' ')
    t.match(said('sooner'), 'Run a waiting job sooner: 10 more priority; or all marked', `${columns}`)
    t.match(said('freeze'), '! This key works on Logs (4).', `${columns}`)
  }
  const [open] = pressed(seen(), ':')
  t.match(textOf(open), /Dashboard +1 +everything at a glance/)
  t.match(textOf(open), /Next screen +\] +To the screen on the right/)
})

t.test('Enter runs the chosen command, by its name in either language', async t => {
  const [asked] = pressed(seen(), ':', ...typed('canjob'), 'enter')
  t.match(asked, { dialog: { type: 'cancel', jobId: 128 }, overlay: null })
  const [italian] = pressed(seen(richSnapshot(), { language: 'it' }), ':', ...typed('annullav'), 'enter')
  t.match(italian.dialog, { type: 'cancel', jobId: 128 })
  t.equal(pressed(seen(), ':', ...typed('crashes'), 'enter')[0].screen, 'crashes')
  t.equal(pressed(seen(), '?', ':', ...typed('mouse'), 'enter')[0].mouse, false)
})

t.test('an unavailable command shows the reason and does nothing', async t => {
  const [told, effects] = pressed(seen(), ':', ...typed('freeze'), 'enter')
  t.same(effects, [])
  t.match(told.activity.at(-1), { tone: 'bad', text: 'This key works on Logs (4).' })
  const italian = seen(richSnapshot(), { language: 'it' })
  t.match(textOf(pressed(italian, ':', ...typed('congela'))[0]), 'Questo tasto vale in Registri (4).')
  const [job] = pressed(seen(), '8', ':', ...typed('new job'), 'enter')
  t.match(textOf(job), 'This key works on Jobs (2).')
  const [sent] = pressed(seen(), ':', ...typed('send test'), 'enter')
  t.match(textOf(sent), 'This key works on Settings (8), in Notifications.')
  const [aim] = pressed(seen(), ':', ...typed('aim'), 'enter')
  t.equal(aim.activity.at(-1)?.text, en.unavailable.notHere, 'a temporary reason names no screen')
})

t.test('arrows and the mouse choose, and Esc cancels', async t => {
  const [open] = pressed(seen(), ':', 'down', 'down')
  t.match(open.overlay, { choice: 2 })
  const second = entries(open)[1]
  const clicked = after(open, { type: 'press', at: AT, target: { type: 'option', index: 1 } })[0]
  t.equal(clicked.overlay, null)
  t.ok(second)
  t.same(
    after(open, { type: 'press', at: AT, target: { type: 'key', key: 'q' } })[0],
    open,
    'a click does not reach the screen behind',
  )
  const [left] = pressed(open, 'x', 'q', 'escape')
  t.same(left, seen())
  t.match(textOf(pressed(seen(), ':', ...typed('zzzz'))[0]), 'No command has this name')
})

t.test('pasted text is a name, and hostile text is escaped', async t => {
  const [open] = pressed(seen(), ':')
  const [pasted, effects] = after(open, { type: 'paste', at: AT, text: 'mou\u001b[2Jse\r' })
  t.same(effects, [])
  t.match(textOf(pasted), ': mou␛se·')
})
