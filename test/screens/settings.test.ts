import t from 'tap'
import type { Delivery } from '../../lib/model/notify/outbox-message.ts'
import type { State } from '../../screens/state.ts'
import { after, commandsOf, pressed, pressedAndRead, seen, textOf } from '../fixtures/console/driven.ts'
import { SETTINGS_ANSWER } from '../fixtures/console/settings.ts'
import { AT, richSnapshot } from '../fixtures/console/snapshot.ts'

const settings = (...keys: readonly string[]): State => pressedAndRead(seen(), '8', ...keys)[0]

t.test('lists each setting with its source, and Enter shows it whole', async t => {
  const text = textOf(settings())
  t.match(text, /workers +8 +flag[^]*headless +true +default[^]*notify +\{"tele/)
  const [whole] = pressedAndRead(settings('tab', 'tab', 'tab', 'G'), 'enter')
  t.match(textOf(whole), /notify[^]*"token": "•••"[^]*"quietHours": "22:00-07:00"[^]*AUTOMATE_NOTIFY/)
})

t.test('shows an empty setting in words, in the list and in detail', async t => {
  const wide = { columns: 120, rows: 40 }
  t.match(textOf(settings(), wide), /browser +detected +default[^]*browserArgs +none +default/)
  const [whole] = pressedAndRead(settings('tab', 'tab', 'tab', 'G', 'up'), 'enter')
  t.match(textOf(whole), /browserArgs[^]*value +none[^]*AUTOMATE_BROWSER_ARGS/)
  const italian = { ...settings(), language: 'it' as const }
  t.match(textOf(italian, wide), /browser +automatico[^]*browserArgs +nessuno/)
})

t.test('changes language, colours and mouse on the settings screen', async t => {
  t.match(textOf(settings('enter')), /Questa console[^]*Lingua +Italiano/)
  t.match(textOf(settings('down', 'enter')), /Colours +light/)
  const [state, effects] = pressedAndRead(settings('down', 'down'), 'enter')
  t.same(effects, [{ type: 'mouse', on: false }])
  t.match(textOf(state), /Mouse +off/)
})

t.test('sends a test message to the chosen channel, and shows the outcome', async t => {
  const [asked, effects] = pressedAndRead(settings('tab'), 'enter')
  t.same(commandsOf(effects), [{ type: 'notify.test', channel: 'telegram' }])
  const activityId = asked.activity.at(-1)?.id ?? null
  const told = (delivery: Delivery) =>
    after(asked, { type: 'performed', at: AT, activityId, result: { ok: true, delivery } })[0].activity.at(-1)
  t.match(told({ status: 'delivered' }), { text: /Telegram → arrived/, tone: 'good' })
  t.match(told({ status: 'refused', why: 'unauthorized', refusal: 'token' }), {
    text: /refused: unauthorized\. The bot token is wrong\. Set the one/,
    tone: 'bad',
  })
  t.match(told({ status: 'later', why: 'EAI_AGAIN', uncertain: false, partsDone: 0 }), {
    text: /not now: host names cannot be resolved now: check the network \(EAI_AGAIN\)/,
  })
  const watching = pressedAndRead(seen(richSnapshot(), { readOnly: true }), '8', 'tab', 'enter')
  t.same(commandsOf(watching[1]), [])
})

t.test('shows the remedy of a failing channel, and the condition of proxies', async t => {
  const text = textOf(settings('tab'), { columns: 240, rows: 40 })
  t.match(text, /Telegram: 2 messages were refused: chat not found\./)
  t.match(text, /● healthy +http:\/\/proxy\.example:8080 +1,204 +3\b/)
  t.match(text, /◐ cooling down +socks5:\/\/10\.0\.0\.1:1080 .* cannot be reached \(/)
  const italian = { ...settings('tab'), language: 'it' as const }
  t.match(textOf(italian, { columns: 240, rows: 40 }), /socks5:\/\/10\.0\.0\.1:1080 .* irraggiungibile \(E/)
})

t.test('shows a value that waits for a restart next to the current one', async t => {
  const [asked] = pressed(seen(), '8')
  const lookup = { type: 'settings' } as const
  const settings = SETTINGS_ANSWER.settings.map(one =>
    one.setting === 'headless' ? { ...one, next: 'false' } : one,
  )
  const result = { ok: true, answer: { ...SETTINGS_ANSWER, settings } } as const
  const [state] = after(asked, { type: 'looked-up', at: AT, id: asked.lookedUp, lookup, result })
  t.match(textOf(state, { columns: 120, rows: 40 }), /headless +! true \(after a restart: false\) +default/)
  const [whole] = pressed(state, 'tab', 'tab', 'tab', 'down', 'enter')
  t.match(textOf(whole), /headless[^]*value +true[^]*after a restart +false/)
})

t.test('shows what could not be read, and rereads changes', async t => {
  const [asked, effects] = pressed(seen(), '8')
  t.match(effects, [{ type: 'look-up', lookup: { type: 'settings' } }])
  const lookup = { type: 'settings' } as const
  const answer = { ...SETTINGS_ANSWER, channels: [], problems: ['TELEGRAM_TOKEN is not set.'] }
  const result = { ok: true, answer } as const
  const [state] = after(asked, { type: 'looked-up', at: AT, id: asked.lookedUp, lookup, result })
  t.match(textOf(state), '! TELEGRAM_TOKEN is not set.')
  t.same(after(state, { type: 'tick', at: AT + 1_000 })[1], [])
  t.match(after(state, { type: 'tick', at: AT + 6_000 })[1], [{ type: 'look-up', lookup }])
})
