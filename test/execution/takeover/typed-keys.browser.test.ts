import t from 'tap'
import type { Test } from 'tap'
import { workerOrder } from '../../../lib/app/use-cases/worker-command.ts'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { seal } from '../../../lib/core/seal.ts'
import { REDACTED, knownSecrets } from '../../../lib/core/secrets/known-secrets.ts'
import { ActivePage } from '../../../lib/execution/takeover/active-page.ts'
import { InputQueue } from '../../../lib/execution/takeover/input-queue.ts'
import { createWorkerLog } from '../../../lib/execution/worker/worker-log.ts'
import { userKey } from '../../../lib/files/user-key.ts'
import { typedCommand } from '../../../screens/overlays/picture.ts'
import { guardedBrowser } from '../../helpers/sites/guarded-browser.ts'

const WORKER = 'w1'

const FIELDS = `<input id="name"><input id="old" type="password"><input id="code" autocomplete="one-time-code">
<div id="host"></div><iframe srcdoc="<input id=inner type=password>"></iframe>
<script>host.attachShadow({ mode: 'open' }).innerHTML = '<input type="Password">'</script>`

async function person(t: Test) {
  const { page, context } = await guardedBrowser(t, null)
  await page.setContent(FIELDS)
  const member = { workerId: WORKER, jobId: 1, attempt: 1, member: 1, members: 1, workflow: 'w' }
  const lines: string[] = []
  const log = createWorkerLog(member, systemClock, ({ message }) => void lines.push(message))
  const front = new ActivePage(context)
  front.calledTo(page)
  const place = { waitingId: 1, page: front.describe(page).id }
  const queue = new InputQueue({
    front,
    workerId: WORKER,
    log,
    clock: systemClock,
    onVerdict: () => undefined,
  })
  return {
    page,
    queue,
    /**
     * Presses keys in the console, given by their names or as a text. Each key becomes one order.
     */
    keys: async (...typed: readonly string[]) => {
      const keys = typed.flatMap(one =>
        typedCommand(WORKER, place, one) === undefined ? Array.from(one) : [one],
      )
      for (const key of keys) {
        const command = typedCommand(WORKER, place, key)
        if (command?.type !== 'worker.key' && command?.type !== 'worker.text') continue
        const order = workerOrder(command, 0)
        if (order.type === 'key' || order.type === 'text') queue.add(order)
      }
      await queue.settled()
      t.strictSame(lines, [])
    },
    /** Sends a text as a command line does. */
    types: async (text: string) => {
      queue.add({ type: 'text', sealed: seal(text, userKey(), WORKER), waitingId: 1 })
      await queue.settled()
    },
    focus: (id: string) => page.evaluate(`document.getElementById('${id}').focus()`),
    value: (id: string) => page.evaluate(`document.getElementById('${id}').value`),
  }
}

t.test('text typed key by key is a secret, while it grows and once it is complete', async t => {
  const { keys, focus, value } = await person(t)
  await focus('name')
  await keys('canar')
  t.notOk(knownSecrets.holds('canar'))
  await keys('y')
  t.equal(knownSecrets.redact('it is canary.'), `it is ${REDACTED}.`)
  await keys('-1', 'space', 'ax', 'backspace', 'left', 'b', 'home', 'c', 'delete', 'end', 'd')
  t.equal(await value('name'), 'canary-1 bad')
  await keys('enter')
  t.ok(knownSecrets.holds('canary-1 bad'))
  t.notOk(knownSecrets.holds('it is canary.'), 'its beginning is no secret any more')
  await keys('canary-2', 'tab', 'canary-3', 'enter')
  t.notOk(knownSecrets.holds('canary-'))
  t.strictSame(['canary-2', 'canary-3'].map(knownSecrets.redact), [REDACTED, REDACTED])
})

t.test('text that was typed and shortened is a secret', async t => {
  const { keys, queue, focus } = await person(t)
  await focus('name')
  await keys('wrong-canary', 'backspace', 'backspace', 'backspace', 'dle')
  queue.endText()
  await keys('another')
  t.strictSame(['wrong-canary', 'wrong-candle'].map(knownSecrets.redact), [REDACTED, REDACTED])
  t.equal(knownSecrets.redact('wrong-can'), 'wrong-can')
})

t.test('fewer characters are a secret in a field for passwords or codes', async t => {
  const { keys, types, page, focus } = await person(t)
  await focus('name')
  await keys('ada', 'tab', '7-x1', 'enter')
  t.equal(knownSecrets.redact('7-x1'), REDACTED)
  await focus('code')
  await keys('83-1', 'enter')
  t.equal(knownSecrets.redact('83-1'), REDACTED)
  await focus('old')
  await types('q9!z')
  t.equal(knownSecrets.redact('q9!z'), REDACTED, 'from a command line')
  await keys('tab')
  await page.evaluate(`host.shadowRoot.querySelector('input').focus()`)
  await keys('w2?k', 'tab')
  t.equal(knownSecrets.redact('w2?k'), REDACTED, 'in a shadow root')
  await page.evaluate(`document.querySelector('iframe').contentDocument.getElementById('inner').focus()`)
  await keys('m5.e', 'enter')
  t.equal(knownSecrets.redact('m5.e'), REDACTED, 'in a frame')
  await focus('name')
  await keys('wine', 'enter')
  t.equal(knownSecrets.redact('wine'), 'wine', 'a short word in another field is no secret')
})

t.test('a script that moves the focus to a password field begins another text', async t => {
  const { keys, focus } = await person(t)
  await focus('name')
  await keys('ann')
  await focus('old')
  await keys('5-t!', 'enter')
  t.equal(knownSecrets.redact('5-t!'), REDACTED)
})
