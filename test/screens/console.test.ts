import t from 'tap'
import { ScriptedPort } from '../fixtures/console/scripted-port.ts'
import { richSnapshot } from '../fixtures/console/snapshot.ts'
import { ConsoleInProcess } from '../helpers/terminal/console-in-process.ts'

t.test('draws nothing without a change, and synchronizes each frame', async t => {
  const port = new ScriptedPort(richSnapshot())
  const console = new ConsoleInProcess(port, 80, 24)
  await console.settled('add_step')
  const { frames } = console.output
  const before = frames.length
  for (let times = 0; times < 20; times += 1) port.show(richSnapshot())
  await console.settled('add_step')
  t.equal(frames.length, before)
  console.press('?')
  await console.settled('These keys work here')
  t.equal(frames.length, before + 1)
  const frame = frames.at(-1) ?? ''
  t.ok(frame.startsWith('\u001b[?2026h') && frame.endsWith('\u001b[?2026l'))
  await console.close()
})

t.test('Ctrl+L repairs a screen that another program overwrote', async t => {
  const console = new ConsoleInProcess(new ScriptedPort(richSnapshot()), 80, 24)
  const before = await console.settled('add_step')
  console.screen.write('\u001b[5;5HGARBAGE')
  await console.waitFor('GARBAGE')
  console.press('C-l')
  const after = await console.settled('repainted the screen')
  t.notMatch(after.join('\n'), 'GARBAGE')
  t.same(after.slice(0, 21), before.slice(0, 21))
  await console.close()
})

t.test('lays out the screen again at any size', async t => {
  const console = new ConsoleInProcess(new ScriptedPort(richSnapshot()), 120, 40)
  await console.settled('add_step')
  for (const [columns, rows] of [
    [40, 10],
    [300, 80],
    [20, 5],
    [80, 24],
  ] as const) {
    console.resize(columns, rows)
    const seen = await console.settled('Help')
    t.equal(seen.length, rows)
    t.match(seen[rows - 1], /q Quit$/)
  }
  await console.close()
})

t.test('quitting waits for the port, which may refuse', async t => {
  const port = new ScriptedPort(richSnapshot({ connection: 'attached' }))
  port.answer = () => ({ ok: false, message: 'the store is busy' })
  const console = new ConsoleInProcess(port, 80, 24)
  await console.settled('add_step')
  console.press('q')
  await console.waitFor('refused: the store is busy')
  port.answer = () => ({ ok: true })
  console.press('q')
  t.same(await console.end, { reason: 'quit-drain' })
  t.notOk(port.watched, 'the console has closed the port')
  await console.screen.flushed()
  t.match(console.screen.modes(), { alternate: false, mouse: 'none', paste: false, cursor: true })
})

t.test('a closed terminal ends the console', async t => {
  const console = new ConsoleInProcess(new ScriptedPort(richSnapshot()), 80, 24)
  await console.settled('add_step')
  t.same(await console.close(), { reason: 'terminated', signal: null })
})
