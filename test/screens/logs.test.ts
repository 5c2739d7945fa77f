import t from 'tap'
import type { LogLine } from '../../lib/model/log-line.ts'
import type { State } from '../../screens/state.ts'
import { AT, richSnapshot } from '../fixtures/console/snapshot.ts'
import { after, pressed, seen, textOf } from '../fixtures/console/driven.ts'

const line = (number: number, message: string, more: Partial<LogLine> = {}): LogLine => ({
  at: AT - 60_000 + number * 1_000,
  level: 'info',
  source: 'worker',
  jobId: 7,
  member: 1,
  message,
  ...more,
})

const LINES: readonly LogLine[] = [
  line(1, 'apples in the cart'),
  line(2, 'pears in the cart', { member: 2 }),
  line(3, 'Apples are slow', { level: 'warn' }),
  line(4, 'the shop is closed', { level: 'error', source: 'scheduler', jobId: undefined, member: undefined }),
  line(5, 'plums in the cart', { member: 2 }),
]

/** Returns the logs screen with these lines. */
const logs = (log: readonly LogLine[] = LINES, more: Partial<State> = {}): State =>
  pressed(seen(richSnapshot({ log }), more), '4')[0]

const withLines = (state: State, log: readonly LogLine[]): State =>
  after(state, { type: 'snapshot', at: AT, snapshot: richSnapshot({ log }) })[0]

const typed = (text: string): string[] => Array.from(text, key => (key === ' ' ? 'space' : key))

/** Returns the last message to the operator. */
const said = (state: State) => state.activity.at(-1)?.text ?? ''

t.test('a filter shows only lines with a text in any case, and is shown until Esc', async t => {
  const [filtered] = pressed(logs(), '&', ...typed('apples'), 'enter')
  t.match(textOf(filtered), 'apples in the cart')
  t.match(textOf(filtered), 'Apples are slow')
  t.notMatch(textOf(filtered), 'pears')
  t.match(textOf(filtered), '"apples"  following')
  t.match(textOf(pressed(filtered, 'escape')[0]), 'pears')
  t.match(textOf(pressed(logs(), '&', ...typed('cherries'), 'enter')[0]), 'none of the last 5, since 14:')
})

t.test('follow, wrap and freeze never drop the filter or the search', async t => {
  const [narrowed] = pressed(logs(), '&', ...typed('cart'), 'enter', '/', ...typed('pears'), 'enter')
  const [toggled] = pressed(narrowed, 'f', 'w', 'f', 'w', 'p', 'p', 'g', 'G')
  t.same(toggled.searches, narrowed.searches)
  t.match(textOf(toggled), '"cart"  following')
  t.notMatch(textOf(toggled), 'slow')
})

t.test('filters lines by level and by the writer of the selected line', async t => {
  const [warned] = pressed(logs(), 'L', 'L')
  t.match(textOf(warned), '≥ warn')
  t.match(textOf(warned), 'the shop is closed')
  t.notMatch(textOf(warned), 'in the cart')
  const [alone] = pressed(logs(), 'o')
  t.match(textOf(alone), '#7·2')
  t.match(textOf(alone), 'pears')
  t.notMatch(textOf(alone), 'apples')
  t.match(textOf(pressed(alone, 'o')[0]), 'apples')
})

t.test('a filter on a line about a whole job shows the job with its workers', async t => {
  const ended = line(6, 'Job 7 succeeded.', { source: 'scheduler', member: undefined })
  const other = line(3, 'figs in the cart', { jobId: 71 })
  const [job] = pressed(logs([...LINES, other, ended]), 'o')
  t.equal(said(job), 'only lines of #7')
  t.match(textOf(job), /apples[^]*pears[^]*Job 7 succeeded/)
  t.notMatch(textOf(job), /figs|the shop is closed/)
})

t.test('find goes to the nearest match above, and n and N continue around the ends', async t => {
  const [found] = pressed(logs(), '/', ...typed('cart'), 'enter')
  t.equal(said(found), 'line 3 of 3 with "cart"')
  t.match(textOf(found), /›. *#7·2 .*plums/)
  t.equal(said(pressed(found, 'n')[0]), 'line 1 of 3 with "cart"')
  t.equal(said(pressed(found, 'N')[0]), 'line 2 of 3 with "cart"')
  t.equal(said(pressed(found, 'N', 'N', 'N')[0]), 'line 3 of 3 with "cart"')
  t.match(
    said(pressed(logs(), '/', ...typed('cherries'), 'enter')[0]),
    'None of the last 5 lines contains "cherries"',
  )
  t.match(said(pressed(logs(), 'n')[0]), 'press / first')
})

t.test('reports an invalid or dangerous regular expression, and keeps the old one', async t => {
  const [filtered] = pressed(logs(), '&', 'tab', ...typed('^(apples|plums) '), 'enter')
  t.match(textOf(filtered), 'plums')
  t.notMatch(textOf(filtered), 'pears')
  for (const bad of ['(', 'a{2,1}', '(a)\\1', '(?=a)']) {
    const [asked] = pressed(filtered, '&', 'C-u', ...typed(bad), 'enter')
    t.match(textOf(asked), 'This regular expression cannot be used')
    const later = after(asked, { type: 'tick', at: AT + 60_000 })[0]
    t.match(
      textOf(later),
      'This regular expression cannot be used',
      'the error stays while the expression stays',
    )
    t.notMatch(textOf(pressed(later, 'backspace')[0]), 'cannot be used')
    t.equal(asked.searches.log.filter, filtered.searches.log.filter, bad)
    t.equal(pressed(asked, 'escape')[0].searches.log.filter, filtered.searches.log.filter, bad)
  }
})

t.test('applies at once an expression with exponential backtracking in other engines', async t => {
  const long = logs([line(1, `${'a'.repeat(3_900)}!`)])
  const [filtered] = pressed(long, '&', 'tab', ...typed('(a+)+$'), 'enter')
  t.match(textOf(filtered), 'No line passes the filter')
})

t.test('pasted text goes into the line, and presses no keys', async t => {
  const [asked] = pressed(logs(), '/')
  const [pasted, effects] = after(asked, { type: 'paste', at: AT, text: 'plums\u001b[2J\r\nq' })
  t.same(effects, [])
  t.match(textOf(pasted), 'Find: plums␛ ⏎ q')
  t.equal(pasted.screen, 'logs')
  t.match(textOf(pressed(pasted, 'q', '4', '?')[0]), 'q4?', 'keys are text, too')
  t.equal(pressed(pasted, 'escape')[0].prompt, null)
  t.match(said(after(logs(), { type: 'paste', at: AT, text: 'q' })[0]), 'Pasted text is ignored')
})

t.test('a paused log keeps its cursor, and G follows again', async t => {
  const [held] = pressed(logs(), 'up')
  const later = withLines(held, [...LINES, line(6, 'figs')])
  t.match(textOf(later), 'held +1 new line')
  t.notMatch(textOf(later), 'figs')
  t.match(textOf(later), /›✗ scheduler/)
  t.match(textOf(pressed(later, 'G')[0]), /figs[^]*$/)
  t.ok(pressed(later, 'G')[0].logs.log.following)
})

t.test('a frozen log stays frozen at its end, and counts only lines that pass the filter', async t => {
  const [frozen] = pressed(logs(), '&', ...typed('cart'), 'enter', 'p', 'g', 'G')
  const later = withLines(frozen, [...LINES, line(6, 'figs'), line(7, 'dates in the cart')])
  t.match(textOf(later), 'paused +1 new line')
  t.notMatch(textOf(later), 'dates')
  const [on] = pressed(later, 'p')
  t.match(textOf(on), 'dates')
  t.notMatch(textOf(on), 'figs')
})

t.test('a long line wraps, and the cursor stays on the screen', async t => {
  const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ')
  const long = logs([
    ...LINES,
    line(6, words),
    ...Array.from({ length: 30 }, (_, at) => line(7 + at, `after ${at}`)),
  ])
  const [wrapped] = pressed(long, 'w', 'g', 'down', 'down', 'down', 'down', 'down')
  t.match(textOf(wrapped), 'word0 ')
  t.match(textOf(wrapped), 'word59')
  t.notMatch(textOf(pressed(wrapped, 'w')[0]), 'word59')
})

t.test('copies the selected line, or writes it to a file if the terminal refuses', async t => {
  const whole = `${new Date(AT - 57_000).toISOString()} warn  #7·1 Apples are slow`
  const [copied, effects] = pressed(logs(), 'up', 'up', 'y')
  t.same(effects, [{ type: 'copy', text: whole }])
  t.match(textOf(copied), 'y: copied the line to the clipboard')
  const [, files] = pressed(logs(LINES, { clipboard: false }), 'up', 'up', 'y')
  t.match(files, [{ type: 'perform', command: { type: 'text.save', name: 'line', text: `${whole}\n` } }])
  t.same(pressed(logs([]), 'y')[1], [])
})

t.test('saves the shown lines, and shows the path', async t => {
  const [asked, effects] = pressed(logs(), '&', ...typed('apples'), 'enter', 'C-s')
  const [effect] = effects
  t.match(effect, { type: 'perform', command: { type: 'text.save', name: 'log' } })
  if (effect?.type !== 'perform' || effect.command.type !== 'text.save') return
  t.equal(effect.command.text.split('\n').length, 3)
  const result = { ok: true as const, path: 'logs/23-03-2026/console/log-140322.txt' }
  const [told] = after(asked, { type: 'performed', at: AT, activityId: effect.activityId, result })
  t.equal(said(told), 'saving 2 lines → saved in logs/23-03-2026/console/log-140322.txt')
  t.match(said(pressed(logs(LINES, { readOnly: true }), 'C-s')[0]), /read-only/)
})

t.test('searches the log of one worker separately', async t => {
  const worker = pressed(seen(), 'enter', 'tab')[0]
  const [filtered] = pressed(worker, '&', ...typed('zzz'), 'enter')
  t.match(textOf(filtered), 'No line passes the filter')
  t.notMatch(textOf(pressed(filtered, '4')[0]), 'No line passes')
})

t.test('a search without a match shows how far back the log goes', async t => {
  const [sought] = pressed(logs(), '/', ...typed('cherries'), 'enter')
  t.match(said(sought), /^None of the last 5 lines contains "cherries" \(since 14:/)
  const [frozen] = pressed(logs(), 'p')
  t.notMatch(textOf(frozen), 'new line')
  const others = (seen().snapshot?.log ?? []).map(line => ({ ...line, message: 'later' }))
  const [flooded] = after(frozen, { type: 'snapshot', at: AT, snapshot: richSnapshot({ log: others }) })
  t.match(textOf(flooded), `${others.length}+ new lines`, 'more lines have arrived than are kept')
})
