import t from 'tap'
import { z } from 'zod'
import type { Json } from '../../../lib/core/errors/errors.ts'
import { JsonValue } from '../../../lib/model/json.ts'
import type { WorkflowDescription } from '../../../lib/model/job/workflow.ts'
import type { Snapshot } from '../../../lib/app/port/snapshot.ts'
import type { State } from '../../../screens/state.ts'
import { AT, richSnapshot } from '../../fixtures/console/snapshot.ts'
import { after, commandsOf, pressed, seen, textOf } from '../../fixtures/console/driven.ts'

const typed = (text: string): string[] => Array.from(text, key => (key === ' ' ? 'space' : key))

/** Opens the form of the workflow `order-form`. */
const form = (more: Partial<State> = {}): State =>
  pressed(seen(richSnapshot(), more), '2', 'n', ...typed('order'), 'enter')[0]

/** Returns the snapshot with other words and another input for every workflow. */
function snapshotWith(change: Partial<Pick<WorkflowDescription, 'summary' | 'inputSchema'>>): Snapshot {
  const { scheduler } = richSnapshot()
  if (scheduler === null) throw new Error('There is no scheduler.')
  const workflows = scheduler.workflows.map(one => ({ ...one, ...change }))
  return richSnapshot({ scheduler: { ...scheduler, workflows } })
}

/** Values of the article and the payment, then of the optional fields in their order. */
const FILLED = [...typed('wine'), 'down', 'right']

t.test('selects a workflow by its name, and its form shows every field with its default', async t => {
  const [list] = pressed(seen(), '2', 'n')
  t.match(textOf(list), /cheapest-offer +Finds the cheapest offer/)
  t.match(textOf(list), /order-form +Orders one article/)
  const text = textOf(form())
  t.match(text, 'Start order-form')
  t.match(text, /› article \*[^]*payment \*[^]*note[^]*bottles +6[^]*gift[^]*tags/)
  t.match(text, 'What is ordered')
})

t.test('the description of a workflow or a field can be read whole at any width', async t => {
  const summary = 'Finds the cheapest bottle on a street of shops: its workers share the list, and race.'
  const description = `The page where the street begins, with ${'its whole address, '.repeat(3)}as a browser shows it`
  const inputSchema = { type: 'object', properties: { shops: { type: 'string', description } } }
  const snapshot = snapshotWith({ summary, inputSchema })
  const read = (size: State['size'], ...keys: readonly string[]) =>
    textOf(pressed(seen(snapshot, { size }), '2', 'n', ...keys)[0]).replaceAll(/[│\s]+/g, ' ')
  t.match(read({ columns: 40, rows: 10 }), summary)
  t.match(read({ columns: 80, rows: 24 }), summary)
  t.match(read({ columns: 80, rows: 24 }, 'enter'), description)
})

t.test('a form shows the keys that work in it', async t => {
  const text = { type: 'string' }
  const told = (...fields: readonly Record<string, Json>[]) => {
    const properties = Object.fromEntries(fields.map((field, nth) => [`field${nth}`, field]))
    const snapshot = snapshotWith({ inputSchema: { type: 'object', properties } })
    return textOf(pressed(seen(snapshot), '2', 'n', 'enter')[0])
  }
  t.match(told(), /│ Enter starts, Esc leaves\./)
  t.match(told(text), /│ Enter starts, Esc leaves\./)
  t.match(told(text, text), /│ Up and Down: field, Enter starts, Esc leaves\./)
  t.match(told(text, { type: 'boolean' }), 'Up and Down: field, Left and Right: choice, Enter starts,')
})

t.test('a text with a format is requested with a valid example', async t => {
  const Every = { url: z.url(), email: z.email(), at: z.iso.datetime(), day: z.iso.date(), id: z.uuid() }
  for (const [name, field] of Object.entries(Every)) {
    const schema: unknown = JSON.parse(JSON.stringify(z.toJSONSchema(z.object({ [name]: field }))))
    const inputSchema = z.record(z.string(), JsonValue).parse(schema)
    const snapshot = snapshotWith({ inputSchema })
    for (const [language, example] of [
      ['en', /! This must be an? .*, such as (\S+)\. /],
      ['it', /! Deve essere un.*, come (\S+)\. /],
    ] as const) {
      const [state] = pressed(seen(snapshot, { language }), '2', 'n', 'enter', 'x')
      const [, shown] = example.exec(textOf(state)) ?? []
      t.ok(field.safeParse(shown).success, `${name}: ${shown}`)
    }
  }
})

t.test('the values of the form become the input, in the types of the schema', async t => {
  const [, effects] = pressed(form(), ...FILLED, 'enter')
  t.same(commandsOf(effects), [
    { type: 'job.start', workflow: 'order-form', input: { article: 'wine', payment: 'card', bottles: 6 } },
  ])
  const all = [
    ...FILLED,
    'down',
    ...typed('hi'),
    'down',
    'backspace',
    '2',
    'down',
    'left',
    'down',
    ...typed('["a"]'),
  ]
  t.same(commandsOf(pressed(form(), ...all, 'enter')[1]), [
    {
      type: 'job.start',
      workflow: 'order-form',
      input: { article: 'wine', payment: 'card', note: 'hi', bottles: 2, gift: false, tags: ['a'] },
    },
  ])
})

t.test('an optional choice can be cleared, a required one cannot', async t => {
  const gift = [...FILLED, 'down', 'down', 'down']
  const input = (keys: readonly string[]) => commandsOf(pressed(form(), ...gift, ...keys, 'enter')[1])
  t.match(input(['right']), [{ input: { gift: true } }])
  t.notOk(JSON.stringify(input(['right', 'left'])).includes('gift'))
  t.match(textOf(pressed(form(), ...FILLED, 'left', 'left')[0]), '‹ card ›')
})

t.test('checks a field while typing, and Enter goes to the first invalid one', async t => {
  t.match(textOf(pressed(form(), 'w')[0]), /article \* +! w[^]*! .*3/)
  const [wrong, effects] = pressed(form(), ...FILLED, 'down', 'down', '0', 'enter')
  t.same(effects, [])
  t.match(wrong.overlay, { focus: 3 })
  t.match(textOf(wrong), /› bottles +! 60[^]*! .*12/)
  const [missing, none] = pressed(form(), 'enter')
  t.same(none, [])
  t.match(missing.overlay, { focus: 0 })
  t.match(textOf(pressed(form(), ...FILLED, 'down', 'down', ...typed('x'), 'enter')[0]), /! 6x[^]*number/)
})

t.test('the form stays until the reply, and closes with the job or shows the reason', async t => {
  const [asked, effects] = pressed(form(), ...FILLED, 'enter', 'enter', 'x')
  t.equal(effects.length, 1, 'the job is requested once')
  t.match(textOf(asked), 'Requesting the job')
  const activityId = asked.overlay?.type === 'form' ? asked.overlay.asked : null
  const answer = (result: { ok: true; jobId: number } | { ok: false; message: string }) =>
    after(asked, { type: 'performed', at: AT, activityId, result })[0]
  const done = answer({ ok: true, jobId: 135 })
  t.equal(done.overlay, null)
  t.match(textOf(done), 'asked for a job of order-form → job 135 is queued')
  const refused = answer({ ok: false, message: 'There is no workflow' })
  t.match(textOf(refused), '! There is no workflow')
  t.equal(pressed(refused, 'enter')[1].length, 1, 'the job can be requested again')
})

t.test('hides a typed password, and sends it unchanged', async t => {
  const { scheduler } = richSnapshot()
  if (scheduler === null) throw new Error('There is no scheduler.')
  const inputSchema = {
    type: 'object',
    properties: {
      user: { type: 'string' },
      password: { type: 'string', format: 'password' },
      pin: { type: 'string', writeOnly: true },
    },
    required: ['user', 'password', 'pin'],
  }
  const workflows = scheduler.workflows.map(workflow => ({ ...workflow, inputSchema }))
  const snapshot = richSnapshot({ scheduler: { ...scheduler, workflows } })
  const keys = [...typed('ann'), 'down', ...typed('s3cret'), 'down', ...typed('4711')]
  const [filled] = pressed(seen(snapshot), '2', 'n', ...typed('order'), 'enter', ...keys)
  t.match(textOf(filled), /user \* +ann[^]*password \* +•••••• [^]*pin \* +••••/)
  t.notMatch(textOf(filled), /s3cret|4711/)
  const [asked, effects] = pressed(filled, 'enter')
  t.match(commandsOf(effects), [{ input: { user: 'ann', password: 's3cret', pin: '4711' } }])
  t.notMatch(textOf(pressed(asked, '?')[0]), /s3cret|4711/)
})

t.test('shows the error of a field in the language of the operator', async t => {
  const italian = (keys: readonly string[]) => textOf(pressed(form({ language: 'it' }), ...keys)[0])
  t.match(italian(['w']), 'Servono almeno 3 caratteri.')
  t.match(italian(['enter']), 'Campo obbligatorio.')
  t.match(italian(['down', 'down', 'down', '0']), 'Deve essere al massimo 12.')
  t.match(italian(['down', 'down', 'down', 'x']), 'Deve essere un numero.')
  t.match(italian(['up', 'x']), 'Deve essere un elenco')
})

t.test('Esc cancels the form, and a read-only console starts nothing', async t => {
  const before = pressed(seen(), '2')[0]
  t.same(pressed(before, 'n', 'escape')[0], before)
  t.same(pressed(before, 'n', 'down', 'enter', 'x', 'q', 'escape')[0], before)
  const [watching] = pressed(seen(richSnapshot(), { readOnly: true }), '2', 'n')
  t.equal(watching.overlay, null)
  t.match(textOf(watching), 'console is read-only')
})

t.test('escapes pasted text, and starts a workflow without fields at once', async t => {
  const [pasted, effects] = after(form(), { type: 'paste', at: AT, text: 'red\u001b[2J\rq' })
  t.same(effects, [])
  t.match(textOf(pasted), 'red␛·q')
  const [, started] = pressed(seen(), '2', 'n', ...typed('cheap'), 'enter', 'enter')
  t.same(commandsOf(started), [{ type: 'job.start', workflow: 'cheapest-offer', input: {} }])
})
