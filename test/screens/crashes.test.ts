import t from 'tap'
import type { State } from '../../screens/state.ts'
import { crashDetail } from '../fixtures/console/crash-detail.ts'
import { after, commandsOf, pressed, pressedAndRead, seen, textOf } from '../fixtures/console/driven.ts'
import { AT, richSnapshot } from '../fixtures/console/snapshot.ts'

const crashes = (...keys: readonly string[]): State => pressedAndRead(seen(), '5', ...keys)[0]
const TALL = { columns: 120, rows: 44 }

t.test('crashes with one root cause are one row, which opens and closes', async t => {
  const shut = crashes('G')
  t.match(textOf(shut), /▸ ×2 .*NavigateError/)
  t.match(textOf(shut), /When +Job +Where +Error[^]*openShop/)
  const open = crashes('G', 'enter')
  t.match(textOf(open), /▾ ×2 [^]*#101 [^]*#101 /)
  t.same(crashes('G', 'enter', 'enter').openCauses, [])
  const [dashboard] = pressed(open, '1')
  t.notMatch(textOf(dashboard), '×2', 'the dashboard lists each crash')
})

t.test('a selected root cause becomes its newest crash where crashes are listed one by one', async t => {
  const [dashboard, effects] = pressed(crashes('G'), '1', 'tab', 'r')
  t.equal(dashboard.selected.crashes, '7')
  t.match(commandsOf(effects), [{ type: 'job.retry', id: 101 }])
  t.equal(pressed(dashboard, '5')[0].selected.crashes, crashes('G').selected.crashes)
})

t.test('a root cause is marked and retried as a whole', async t => {
  t.same(crashes('G', 'space').marked.crashes, ['7', '6'])
  t.same(crashes('G', 'space', 'space').marked.crashes, [])
  const { crashes: known } = richSnapshot()
  const snapshot = richSnapshot({
    crashes: known.map(crash => (crash.id === 6 ? { ...crash, jobId: 102 } : crash)),
  })
  const [asked] = pressedAndRead(seen(snapshot), '5', 'G', 'r')
  t.match(asked.dialog, { type: 'marked', verb: 'retry', ids: [101, 102] })
  const [fewer] = after(crashes('G', 'space'), { type: 'snapshot', at: AT, snapshot })
  t.same(fewer.marked.crashes, ['7', '6'], 'marks in a closed root cause stay')
})

t.test('Enter shows the whole report, with hostile text escaped', async t => {
  const text = textOf(crashes('G', 'enter', 'down'), TALL)
  t.match(text, /NavigateError \(navigate\): net::ERR_CONNECTION_RESET␛ at \{center\}/)
  t.match(text, '2/6 open_shop: shop Enoteca 北京')
  t.match(text, 'at openShop (file:///shop/workflows/wine.ts:31:9)')
  t.match(text, 'logs/23-03-2026/screenshots/job_101_attempt_1_member_2_phase_2_open_shop.png')
  t.match(text, /Chrome log +logs.*chrome.job_101/)
  t.match(text, /Notified +Telegram, 2026-03-23 12:58:32[^]*webhook: being sent/)
  t.match(textOf(crashes('G', 'enter', 'down', 'enter')), /Crash 7[^]*Phase {2}2\/6 open_shop/)
})

t.test("the list shows the author's part of the stack, and Enter the whole stack", async t => {
  const short = textOf(crashes('G', 'enter', 'down'), TALL)
  t.match(short, /at openShop .*wine\.ts:31:9\)[^]*… 1 call outside your code: Enter shows it\./)
  t.notMatch(short, 'node:internal')
  t.match(textOf(crashes('G', 'enter', 'down', 'enter'), TALL), 'at async run (node:internal:1)')
})

t.test('shows a crash that was not notified, and one that its worker notified itself', async t => {
  const told = (change: Partial<ReturnType<typeof crashDetail>>) => {
    const [asked] = pressed(seen(), '5')
    const lookup = { type: 'crash', id: 9 } as const
    const answer = { type: 'crash', detail: { ...crashDetail(9), ...change } } as const
    const result = { ok: true, answer } as const
    return textOf(after(asked, { type: 'looked-up', at: AT, id: asked.lookedUp, lookup, result })[0], TALL)
  }
  t.match(told({ deliveries: [], noticed: false }), /Notified +not yet/)
  t.match(told({ deliveries: [], noticed: true }), /Notified +in a summary, with other failures of its cause/)
  const { report } = crashDetail(9)
  const byItself = { ...report, notifiedBy: { channels: ['telegram'], sure: false } }
  t.match(told({ report: byItself, deliveries: [] }), 'Telegram, possibly by the worker itself')
})

t.test('opens the log of the worker at the crash, despite an earlier search', async t => {
  const searching = pressedAndRead(seen(), '4', '&', ...Array.from('nothing'), 'enter', 'L')[0]
  const [state] = pressedAndRead(searching, '5', 'G', 'J')
  t.equal(state.screen, 'logs')
  t.match(state.logs.log, { following: false, frozen: true, cursor: 2 })
  t.match(textOf(state), /line 0 of its log[^]*›✗ .*net::ERR_CONNECTION_RESET[^]*line 3 of its log/)
})

t.test('exports a crash as a bundle, but not in a read-only console', async t => {
  const [, effects] = pressedAndRead(crashes(), 'b')
  t.same(commandsOf(effects), [{ type: 'crash.bundle', id: 9 }])
  const watching = pressedAndRead(seen(richSnapshot(), { readOnly: true }), '5', 'b')
  t.same(commandsOf(watching[1]), [])
  const none = pressedAndRead(seen(richSnapshot({ crashes: [] })), '5', 'b', 'J', 'enter')
  t.same(none[1], [])
  t.match(textOf(none[0]), 'No crash is selected.')
})

t.test('rereads an open report, because its notification may follow', async t => {
  const later = after(crashes(), { type: 'tick', at: AT + 4_000 })
  t.match(later[1], [{ type: 'look-up', lookup: { type: 'crash', id: 9 } }])
  t.same(after(pressed(crashes(), '1')[0], { type: 'tick', at: AT + 9_000 })[1], [])
})
