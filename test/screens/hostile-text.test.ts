import t from 'tap'
import { ScriptedPort } from '../fixtures/console/scripted-port.ts'
import { AT, richSnapshot } from '../fixtures/console/snapshot.ts'
import { ConsoleInProcess } from '../helpers/console-in-process.ts'

const ROUNDS = 40
const SEED = 20260323

const PIECES = [
  '{bold}',
  '{/}',
  '{center}',
  '{|}',
  '{a,b}',
  '\u001b[2J',
  '\u001b]0;pwned\u0007',
  '\u001b[?1049l',
  '\u009b31m',
  '\u0007',
  '\r\n',
  '\t',
  '\u202e',
  '\u200d',
  '🍷',
  '👨‍👩‍👧',
  '🇮🇹',
  '北京',
  'ﷺ',
  'e\u0301',
  '\u0301',
  '\u1100\u1161',
  'क्षि',
  '\ud800',
  '\u0000',
  '\u007f',
  'ａ',
  '│',
  'x'.repeat(40),
  ' ',
]

/** A small generator of chance that a seed repeats (mulberry32). */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

t.test('text from the web is shown and never obeyed, and moves no border', async t => {
  t.comment(`seed ${SEED}`)
  const random = chance(SEED)
  const text = () => Array.from({ length: 12 }, () => PIECES[Math.floor(random() * PIECES.length)]).join('')
  const { workers, log, crashes, services, jobs } = richSnapshot()
  const port = new ScriptedPort(richSnapshot())
  const console = new ConsoleInProcess(port, 80, 24)
  await console.settled('add_step')
  for (let round = 0; round < ROUNDS; round += 1) {
    const mark = `round ${round}`
    port.show(
      richSnapshot({
        at: AT + round,
        services: services.map((service, index) => ({ ...service, message: index === 0 ? mark : text() })),
        workers: workers.map(worker => ({
          ...worker,
          phase: worker.phase === null ? null : { ...worker.phase, step: text() },
        })),
        log: log.map(line => ({ ...line, message: text() })),
        crashes: crashes.map(crash => ({ ...crash, message: text(), errorName: text() })),
        jobs: jobs.map(job => ({ ...job, errorMessage: text() })),
      }),
    )
    await console.waitFor(mark)
    const { screen } = console
    const borders = Array.from({ length: 20 }, (_, row) => screen.cell(0, row + 2) + screen.cell(79, row + 2))
    t.ok(
      borders.every(pair => ['╭╮', '││', '╰╯'].includes(pair)),
      mark,
    )
    t.match(screen.modes(), { alternate: true, mouse: 'vt200', paste: true, cursor: false })
    t.equal(screen.title, '2✗ 5● automate-tui')
  }
  await console.close()
})

t.test('a box over wide characters halves none of them', async t => {
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
    // A resize draws everything anew, the halved characters beside the box too.
    console.resize(120, 24)
    await console.settled('Stay')
    const { screen } = console
    const sides = [9, 10, 11].map(row => screen.cell(28, row) + screen.cell(91, row))
    t.same(sides, ['││', '││', '││'])
    t.equal(screen.cell(119, 10), '│')
    console.press('escape')
    const after = await console.settled('changed nothing')
    t.equal(after.filter(row => row.includes('北'.repeat(10)) && row.endsWith('│')).length, 18)
    await console.close()
  }
})
