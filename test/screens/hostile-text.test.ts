import t from 'tap'
import { showHostileText } from '../fault/hostile-text.ts'
import { chosenSeed } from '../fault/random.ts'
import { ScriptedPort } from '../fixtures/console/scripted-port.ts'
import { richSnapshot } from '../fixtures/console/snapshot.ts'
import { ConsoleInProcess } from '../helpers/terminal/console-in-process.ts'

/** Short form of `npm run fault:text`. */
const STRINGS = 1_000

t.test('hostile text is shown without effect, and every cell is as the view requested', async t => {
  const seed = chosenSeed()
  t.comment(`FAULT_SEED=${seed}`)
  const { strings, frames, problems } = await showHostileText(seed, STRINGS)
  t.comment(`${strings} strings on ${frames} frames`)
  t.same(problems, [])
  t.ok(strings >= STRINGS)
})

t.test('a box over wide characters splits none of them', async t => {
  for (const lead of ['', 'x']) {
    const { log, workers } = richSnapshot()
    const wide = lead + '北'.repeat(60)
    const console = new ConsoleInProcess(
      new ScriptedPort(
        richSnapshot({
          workers: workers.map(worker => ({ ...worker, workflow: 'cheapest-offer' })),
          log: log.map(line => ({ ...line, message: wide })),
        }),
      ),
      120,
      24,
    )
    await console.settled('add_step')
    console.press('4')
    await console.settled('opened Logs')
    console.press('q')
    await console.settled('Stay')
    // A resize redraws everything, including the halved characters next to the box.
    console.resize(120, 24)
    await console.settled('Stay')
    const { screen } = console
    const sides = [9, 10, 11].map(row => screen.cell(28, row) + screen.cell(91, row))
    t.same(sides, ['││', '││', '││'])
    t.equal(screen.cell(119, 10), '│')
    console.press('escape')
    const after = await console.settled('no change')
    t.equal(after.filter(row => row.includes('北'.repeat(10)) && row.endsWith('│')).length, 18)
    await console.close()
  }
})
