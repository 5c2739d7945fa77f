import t from 'tap'
import { asksFor, countingSite, foundBy, startDiscoverers } from '../../helpers/store/discoverers.ts'
import { runningJob } from '../../helpers/store/job-store.ts'
import { newProject, openTestStore } from '../../helpers/store/project.ts'
import type { Program } from '../../helpers/program/program.ts'
import { until } from '../../helpers/until.ts'

const WORKERS = 6
const ROUNDS = 12
const DIES_IN = 4
const HANGS_IN = 8
/** All workers ask for a round within this time, also on a busy machine. */
const LEASE_MS = 10_000

const skip = process.platform === 'win32' && 'Windows cannot stop a process and let it go on'

t.test(
  'six processes ask a site once a round in turns, and replace a lost holder once',
  { skip },
  async t => {
    const paths = newProject()
    const store = await openTestStore(t, paths, 'scheduler')
    await runningJob(store, { workers: WORKERS })
    // Workers that can still ask for a round. The round waits for all of them, so that a worker
    // that is slow on a busy machine keeps its turn.
    const inLine = new Set<Program>()
    const site = await countingSite(
      (round, asked) => asked === 1 && (round === DIES_IN || round === HANGS_IN),
      round =>
        until(`all to ask for round ${round}`, () => [...inLine].every(worker => asksFor(worker, round))),
    )
    t.teardown(site.close)
    const { root } = paths
    const workers = await startDiscoverers(t, {
      ...{ root, url: site.url, workers: WORKERS, rounds: ROUNDS, leaseMs: LEASE_MS },
    })
    const holderOf = async (round: number) => {
      const holder = await until(`round ${round}`, () => site.asked.find(one => one.round === round)?.member)
      return { holder, program: workers[holder - 1] }
    }
    for (const worker of workers) inLine.add(worker)
    for (const worker of workers) worker.say('go')

    const dying = await holderOf(DIES_IN)
    if (dying.program !== undefined) inLine.delete(dying.program)
    await dying.program?.kill()
    // Control does the same at the end of each worker.
    await store.call('discoveries.release', { workerId: `w${dying.holder}` })
    const hanging = await holderOf(HANGS_IN)
    if (hanging.program !== undefined) inLine.delete(hanging.program)
    process.kill(hanging.program?.pid ?? 0, 'SIGSTOP')
    const others = workers.filter(worker => worker !== dying.program && worker !== hanging.program)
    await until('the others to go on', () => others.every(worker => foundBy(worker).length >= HANGS_IN))
    process.kill(hanging.program?.pid ?? 0, 'SIGCONT')
    site.answerLate()
    const living = workers.filter(worker => worker !== dying.program)
    await Promise.all(living.map(({ exited }) => exited))

    const asked = Array.from({ length: ROUNDS }, (_, index) =>
      site.asked.filter(({ round }) => round === index + 1).map(({ member }) => member),
    )
    t.same(
      asked.map(({ length }) => length),
      asked.map((_, index) => (index + 1 === DIES_IN || index + 1 === HANGS_IN ? 2 : 1)),
      'one request per round, and one more for each lost holder',
    )
    const [first, ...rest] = living.map(worker =>
      foundBy(worker).map(({ round, answer, by }) => ({ round, answer, by })),
    )
    for (const found of rest) t.same(found, first, 'all have the same values')
    t.notOk(first?.some(({ answer }) => answer === 'a late answer'))
    const turns = asked.flat()
    t.equal(new Set(turns).size, WORKERS, `the turn goes round: ${turns.join(' ')}`)
  },
)

for (const workers of [2, 10]) {
  t.test(
    `${workers} processes without losses ask the site once a round, and all have the answer`,
    async t => {
      const paths = newProject()
      const store = await openTestStore(t, paths, 'scheduler')
      await runningJob(store, { workers })
      const site = await countingSite()
      t.teardown(site.close)
      const rounds = 5
      const programs = await startDiscoverers(t, { root: paths.root, url: site.url, workers, rounds })
      for (const program of programs) program.say('go')
      await Promise.all(programs.map(({ exited }) => exited))

      t.same(
        site.asked.map(({ round }) => round),
        [1, 2, 3, 4, 5],
        `${site.asked.length} requests in ${rounds} rounds of ${workers} workers`,
      )
      const expected = site.asked.map(({ round, member }) => ({
        round,
        answer: `answer 1 in round ${round}`,
        by: member,
      }))
      for (const program of programs) {
        t.same(
          foundBy(program).map(({ round, answer, by }) => ({ round, answer, by })),
          expected,
        )
      }
    },
  )
}
