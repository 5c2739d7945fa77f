import t from 'tap'
import type { WorkerDocument } from '../../lib/model/worker/documents.ts'
import type { WorkerWait } from '../../lib/model/worker/worker-wait.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import type { State } from '../../screens/state.ts'
import { terminalColour } from '../../screens/view/drawing/terminal-colour.ts'
import { after, concludedWith, pressed, seen, textOf, viewOf } from '../fixtures/console/driven.ts'
import { AT, WAITING, callingSnapshot, richSnapshot } from '../fixtures/console/snapshot.ts'

/**
 * Returns a snapshot with a worker that calls a person. The picture of its page is four black
 * pixels wide, with two white rows below.
 */
function calling(waiting: WorkerWait = WAITING, shown = PAGE) {
  const rgb = new Uint8Array(4 * 3 * 3).fill(255).fill(0, 0, 12)
  const picture = { workerId, at: AT, page: shown, width: 4, height: 3, rgb }
  return callingSnapshot(waiting, { pictures: [picture] })
}

const workerId = 'w0001'
const waitingId = WAITING.id
const PAGE = { id: '1-00000000000000aa', address: 'https://shop.example/login' }
const page = PAGE.id
const performed = (effects: ReturnType<typeof pressed>[1]) =>
  effects.flatMap(effect => (effect.type === 'perform' ? [effect.command] : []))

t.test('every screen shows that a worker needs a person, and the bell rings once', async t => {
  const [state, effects] = after(seen(), { type: 'snapshot', at: AT, snapshot: calling() })
  t.same(effects, [{ type: 'bell' }])
  t.same(after(state, { type: 'snapshot', at: AT, snapshot: calling() })[1], [])
  t.match(textOf(state), /◆ 1 waits for you/)
  t.match(textOf(state), /◆ needs you .*4\/6 Solve the/)
  const paused = calling({ ...WAITING, for: 'operator', what: '' })
  t.same(
    after(seen(), { type: 'snapshot', at: AT, snapshot: paused })[1],
    [],
    'a pause by an operator rings no bell',
  )
})

t.test('every list of jobs shows the job of a worker that needs a person first', async t => {
  const lists = (state: State) => textOf(pressed(state, '2')[0], { columns: 120, rows: 40 })
  const state = seen(calling())
  t.match(lists(state), /Error[^\n]*\n[^\n]*◆ needs you +#128 [^\n]*Solve the captcha/)
  t.match(lists({ ...state, language: 'it' }), /◆ aspetta te +#128 /)
  t.match(textOf(pressed(state, '2', '/', ...'needs'.split(''), 'enter')[0]), /◆ needs you +#128 /)
  const { workers } = calling()
  const turned = { ...calling(), workers: workers.toReversed() }
  t.equal(pressed(seen(turned), '2', '3')[0].opened?.workerId, workerId, 'the job leads to that worker')
  const [first, ...others] = richSnapshot().schedules
  const last = first?.last
  if (first === undefined || last === undefined || last === null) throw new Error('no schedule has run')
  const schedules = [{ ...first, last: { ...last, jobId: 128, jobState: 'running' as const } }, ...others]
  const [scheduled] = pressed(seen({ ...calling(), schedules }), '7', 'enter')
  t.match(textOf(scheduled), /◆ #128 needs you[^]*#128 needs you/)
  const paused = calling({ ...WAITING, for: 'operator', what: '' })
  t.match(lists(seen(paused)), /● running +#128 /, 'its three siblings continue')
  const single = { ...paused, workers: paused.workers.slice(0, 1) }
  t.match(lists(seen(single)), /■ paused +#128 [^\n]*paused by the oper/)
})

t.test('keys pause, resume, skip and fail the worker', async t => {
  t.same(performed(pressed(seen(), 'p')[1]), [{ type: 'worker.pause', workerId }])
  const answer = { type: 'worker.answer', workerId, waitingId: 3 }
  t.same(performed(pressed(seen(calling()), 'p')[1]), [{ ...answer, answer: 'resume', reason: '' }])
  t.same(performed(pressed(seen(calling()), 'S')[1]), [{ ...answer, answer: 'skip', reason: '' }])
  t.match(performed(pressed(seen(calling()), 'F', 'down', 'enter')[1]), [{ ...answer, answer: 'fail' }])
  t.same(performed(pressed(seen(calling()), 'F', 'enter')[1]), [], 'the default keeps waiting')
  const own = seen(calling({ ...WAITING, for: 'operator' }))
  t.match(pressed(own, 'S')[0].activity.at(-1)?.text, /there is nothing to skip/)
})

const digits = (text: string): string[] => text.split('')

/**
 * Question of a worker with a code that only the operator may read, and a choice whether to be
 * asked again.
 */
const QUESTION: WorkerWait = {
  ...WAITING,
  what: 'The code of the message',
  fields: {
    type: 'object',
    properties: {
      code: { type: 'string', pattern: '^[0-9]{6}$', format: 'password', description: 'Six digits' },
      trust: { type: 'boolean', default: false },
    },
    required: ['code'],
  },
}

t.test("a form answers a worker's question, masks secrets, and checks the answer first", async t => {
  const asking = seen(calling(QUESTION))
  t.match(textOf(asking).split('\n').at(-1), / p Answer /)
  const [skipped, none] = pressed(asking, 'S')
  t.same(performed(none), [])
  t.match(skipped.activity.at(-1)?.text, /waits for an answer: press p/)

  const [form] = pressed(asking, 'p')
  t.match(
    textOf(form),
    /Answer job 128[^]*The code of the message[^]*› code \*[^]*trust +false[^]*Six digits/,
  )
  const [filled] = pressed(form, ...digits('09876'))
  t.match(textOf(filled), /› code \* +! •••••/)
  t.notMatch(textOf(filled), '09876')
  const [wrong, kept] = pressed(filled, 'enter')
  t.same(kept, [], 'a code of five digits is not sent')
  const [sent, effects] = pressed(wrong, '5', 'down', 'left', 'enter')
  t.same(performed(effects), [
    {
      ...{ type: 'worker.answer', workerId, waitingId: 3, answer: 'resume', reason: '' },
      told: { code: '098765', trust: true },
    },
  ])
  t.match(textOf(sent), 'Sending the answer')
  t.notMatch(JSON.stringify(sent.activity), '098765')

  const message = 'The scheduler has ended.'
  const refused = concludedWith(sent, { ok: false, message })
  t.match(textOf(refused), `! ${message}`)
  t.equal(performed(pressed(refused, 'enter')[1]).length, 1, 'the answer can be sent again')
  const [resumed] = after(sent, { type: 'snapshot', at: AT, snapshot: richSnapshot() })
  t.match(
    resumed.overlay,
    { type: 'form' },
    'the form stays open, because the worker may resume before the reply arrives',
  )
  t.equal(concludedWith(resumed, { ok: true }).overlay, null)
})

t.test('the form of a question closes with its wait, and opens in the worker and over its page', async t => {
  const [form] = pressed(seen(calling(QUESTION)), 'p', ...digits('0987'))
  const [over] = after(form, { type: 'snapshot', at: AT, snapshot: calling({ ...QUESTION, id: 4 }) })
  t.match(over.activity.at(-1), { tone: 'bad', text: /128 no longer waits for this answer/ })
  t.match(textOf(over), /! Job 128 no longer waits for this answer[^]*│ Esc leaves\. /)
  t.notMatch(textOf(over), '•')
  const paste = { type: 'paste', at: AT, text: '65' } as const
  const [typed, effects] = after(pressed(over, ...digits('65x1/:'), 'enter')[0], paste)
  t.same(effects, [])
  t.same(typed.overlay, over.overlay, 'the rest of the code is no command')
  t.equal(pressed(typed, 'escape')[0].overlay, null)
  for (const keys of [['enter'], ['v']]) {
    const [opened] = pressed(seen(calling(QUESTION), { language: 'it' }), ...keys, 'p')
    t.match(textOf(opened), /Risposta al lavoro 128[^]*The code of the message/)
  }
  const small = { columns: 40, rows: 10 }
  const [narrow] = pressed(seen(calling(QUESTION), { size: small }), 'p')
  t.match(textOf(narrow), /The code of the message[^]*› code \*/)
  t.equal(pressed(seen(calling(QUESTION), { readOnly: true }), 'p')[0].overlay, null)
})

t.test('a page is shown, pointed at, clicked and typed into', async t => {
  const [watching, look] = pressed(seen(calling()), 'v')
  t.match(performed(look), [{ type: 'worker.look', workerId, columns: 76, rows: 32 }])
  t.same(performed(after(watching, { type: 'tick', at: AT + 3_999 })[1]), [])
  t.match(performed(after(watching, { type: 'tick', at: AT + 4_000 })[1]), [{ type: 'worker.look' }])

  const [, click] = pressed(watching, 'right', 'down', 'down', 'enter')
  t.same(performed(click), [{ type: 'worker.click', workerId, waitingId, x: 1.5 / 4, y: 1, page }])
  const target = { type: 'picture', column: 3, row: 0 } as const
  t.match(performed(after(watching, { type: 'press', at: AT, target })[1]), [{ x: 3.5 / 4, y: 1 / 3 }])

  const [typing] = pressed(watching, 'i')
  t.match(textOf(typing), /TYPING: every key goes to the page/)
  t.match(textOf(typing).split('\n').at(-1), /^ Esc Stop typing +$/, 'no other key is offered')
  t.same(performed(pressed(typing, 'q')[1]), [{ type: 'worker.text', workerId, waitingId, page, text: 'q' }])
  t.same(performed(pressed(typing, 'backspace')[1]), [
    { type: 'worker.key', workerId, waitingId, page, key: 'Backspace' },
  ])
  t.same(performed(pressed(typing, 'M-q')[1]), [])
  t.same(performed(after(typing, { type: 'paste', at: AT, text: 'a b' })[1]), [
    { type: 'worker.text', workerId, waitingId, page, text: 'a b' },
  ])
  t.match(pressed(typing, 'escape', 'escape')[0], { picture: null, screen: 'worker' })
})

/** Ends of the wait while the operator types, each with the console's message in both languages. */
const ENDS: readonly (readonly [name: string, snapshot: Snapshot, english: RegExp, italian: RegExp])[] = [
  [
    'the page goes on',
    richSnapshot(),
    /no effect: the page continues by itself/,
    /la pagina prosegue da sola/,
  ],
  ['the worker exits', withFirst({ state: 'exited' }), /page accepts none now/, /la pagina non ne accetta/],
  ['the job ends', withFirst({ state: 'kept' }), /page accepts none now/, /la pagina non ne accetta/],
  ['the worker is gone', { ...calling(), workers: [] }, /page accepts none now/, /la pagina non ne accetta/],
  ['the scheduler is gone', { ...calling(), connection: 'lost' }, /accepts none now/, /non ne accetta/],
  ['a new one is sought', { ...calling(), connection: 'connecting' }, /accepts none now/, /non ne accetta/],
  ['it waits again', calling({ ...WAITING, id: 4 }), /accepts none now/, /non ne accetta/],
  ['another worker waits', calling({ ...WAITING, since: AT - 1 }), /accepts none now/, /non ne accetta/],
  ['no picture is left', withFirst({ state: 'exited' }, []), /accepts none now/, /non ne accetta/],
]

function withFirst(change: Partial<WorkerDocument>, pictures = calling().pictures): Snapshot {
  const { workers } = richSnapshot()
  return richSnapshot({
    workers: workers.map((one, place) => (place === 0 ? { ...one, ...change } : one)),
    pictures,
  })
}

t.test('typing after the end of the wait has no effect until the operator stops it', async t => {
  const [typing] = pressed(seen(calling()), 'v', 'i', 'Z')
  for (const [name, snapshot, english, italian] of ENDS) {
    const [over] = after(typing, { type: 'snapshot', at: AT, snapshot })
    t.match(textOf(over), english, name)
    t.match(textOf(over).split('\n').at(-1), /^ Esc Stop typing +$/, name)
    t.match(textOf({ ...over, language: 'it' }), italian, name)
    const rest = [...digits('1x4p-/:qiv?'), 'enter', 'up', 'M-q', 'space'].map(
      key => ({ type: 'key', at: AT, key }) as const,
    )
    const paste = { type: 'paste', at: AT, text: 'Geheim99' } as const
    const [typed, effects] = after(over, ...rest, paste)
    t.same(effects, [], name)
    t.same(typed, over, `${name}: none of the text is shown`)
    const [back] = after(over, { type: 'snapshot', at: AT, snapshot: calling() })
    t.same(performed(pressed(back, 'q')[1]), [], `${name}: the rest does not go to a later wait either`)
    const [ended] = pressed(back, 'escape')
    t.match(ended, { picture: { typing: null }, screen: 'worker' }, name)
    t.match(performed(pressed(ended, 'i', 'q')[1]), [{ type: 'worker.text', text: 'q' }], name)
  }
})

t.test('no dialog opens while typed text is discarded', async t => {
  const [typing] = pressed(seen(calling()), 'v', 'i')
  const { scheduler } = richSnapshot()
  if (scheduler === null) throw new Error('no scheduler')
  const replaced = { version: '9.9.9' }
  const snapshot = richSnapshot({ connection: 'scheduling', scheduler: { ...scheduler, replaced } })
  const [over] = after(typing, { type: 'snapshot', at: AT, snapshot })
  t.equal(over.dialog, null)
  const [asked] = after(pressed(over, 'escape')[0], { type: 'snapshot', at: AT, snapshot })
  t.match(asked.dialog, { type: 'restart' })
})

t.test('keys do not go to a page that opens during typing until the operator looks at it', async t => {
  const [typing] = pressed(seen(calling()), 'v', 'i')
  t.match(textOf(typing), `${PAGE.address} `)
  const popup = { id: '2-00000000000000bb', address: 'https://ads.example/steal' }
  const opened = (language: 'en' | 'it') =>
    after({ ...typing, language }, { type: 'snapshot', at: AT, snapshot: calling(WAITING, popup) })[0]
  const held = opened('en')
  t.match(textOf(held), /Another page is in front: keys do not go to it[^]*https:\/\/ads\.example\/steal/)
  t.match(textOf(opened('it')), /Davanti c'è un'altra pagina: i tasti non ci vanno/)
  t.same(performed(pressed(held, 'q', 'enter')[1]), [])
  t.same(performed(after(held, { type: 'paste', at: AT, text: 'a b' })[1]), [])
  t.match(performed(pressed(held, 'escape', 'i', 'q')[1]), [{ text: 'q', page: popup.id }])
  const [back] = after(held, { type: 'snapshot', at: AT, snapshot: calling() })
  t.match(performed(pressed(back, 'q')[1]), [{ text: 'q', page }])
})

/** Host of 200 characters that begins like a trusted host. */
const IMITATION = `accounts.bank.example.com-${'signin-'.repeat(21)}x.abcdefghijkl.evil.example`

/** Returns the line above the picture of a page, without its frame. */
function addressLine(address: string, columns: number): string {
  const size = { columns, rows: columns < 80 ? 10 : 24 }
  const [watching] = pressed(seen(calling(WAITING, { ...PAGE, address }), { size }), 'v')
  const text = viewOf(watching)
    .body.rows[2]?.map(span => span.text)
    .join('')
  return text?.replace(/^│ | +│?$/g, '') ?? ''
}

t.test("the end of a page's host is shown at any width", async t => {
  t.equal(IMITATION.length, 200)
  for (const scheme of ['https://', 'blob:https://', 'https://user:bank.example.com@'])
    for (const path of ['', '/', '/www.bank.example.com/signin/identifier/continue', `/${'p'.repeat(240)}`])
      for (const columns of [120, 80, 40]) {
        const line = addressLine(`${scheme}${IMITATION}:3994${path}`, columns)
        t.match(line, /^….*\.abcdefghijkl\.evil\.example:3994(\/|\/…)?$/, `${columns}: ${line}`)
        t.equal(line.endsWith(':3994'), path === '', 'a cut path has an ellipsis')
      }
  const fits = 'https://a.shop.example:8443'
  t.equal(addressLine(`${fits}/login`, 80), `${fits}/login`)
  t.equal(addressLine(`${fits}/login/and/more`, 40), `${fits}/login/and/m…`)
  t.equal(addressLine(`about:${'b'.repeat(90)}`, 40), `about:${'b'.repeat(33)}…`)
})

t.test('an ended worker is not shown as working', async t => {
  const [watching] = pressed(seen(), 'v')
  t.match(textOf(watching), /Watching: the worker is at work/)
  const workers = richSnapshot().workers.map(one => ({ ...one, state: 'exited' as const }))
  const [ended] = after(watching, { type: 'snapshot', at: AT, snapshot: richSnapshot({ workers }) })
  t.match(textOf(ended), /there is no page to show/)
  t.notMatch(textOf(ended), /at work/)
})

t.test('a read-only console and a working worker allow no action in the page', async t => {
  const [watching] = pressed(seen(richSnapshot()), 'v')
  t.match(pressed(watching, 'enter')[0].activity.at(-1)?.text, /press p to pause it first/)
  const [reading] = pressed(seen(calling(), { readOnly: true }), 'v')
  for (const key of ['enter', 'i', 'p', 'S', 'F']) {
    const [state, effects] = pressed(reading, key)
    t.same(performed(effects), [])
    t.match(state.activity.at(-1)?.text, /read-only/)
  }
})

t.test('shows the open browser of a failure with its time and address, and x closes it', async t => {
  const [first, ...others] = richSnapshot().workers
  if (first === undefined) throw new Error('no worker')
  const browser = { pid: 1, version: 'Chrome', profile: 'p', devtools: 'http://127.0.0.1:9222' }
  const kept = { since: AT - 60_000, until: AT + 540_000 }
  const open: WorkerDocument = { ...first, state: 'kept', outcome: 'failed', phase: null, browser, kept }
  const state = seen(richSnapshot({ workers: [open, ...others] }), { size: { columns: 120, rows: 40 } })
  t.match(textOf(state), /◆ open .*browser open until 14:12:22/)
  const [, close] = pressed(state, 'x')
  t.same(
    performed(close),
    [{ type: 'worker.close', workerId }],
    'x closes it at once, because its job has ended',
  )
  t.match(pressed(state, 'p')[0].activity.at(-1)?.text, /Press x to close it/)
  const [watching] = pressed(state, 'v')
  t.match(textOf(watching), /browser open until/)
  t.same(performed(pressed({ ...state, readOnly: true }, 'x')[1]), [])
  const [italian] = pressed(state, 'l')
  t.match(textOf(italian), /◆ aperto[^]*browser aperto fino alle/)
})

t.test("colours are the nearest of the terminal's fixed 256", async t => {
  const pairs = [
    [[0, 0, 0], 16],
    [[255, 255, 255], 231],
    [[204, 0, 0], 160],
    [[128, 128, 128], 244],
    [[95, 135, 175], 67],
  ] as const
  for (const [[red, green, blue], colour] of pairs) t.equal(terminalColour(red, green, blue), colour)
})
