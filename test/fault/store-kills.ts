import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { systemClock } from '../../lib/core/time/clock.ts'
import { delay } from '../../lib/core/time/timeout.ts'
import { errorCode } from '../../lib/core/errors/errors.ts'
import { newUuid } from '../../lib/core/ids.ts'
import type { ProjectPaths } from '../../lib/core/process/paths.ts'
import { openStore } from '../../lib/store/open-store.ts'
import type { LockKind } from '../../lib/store/ownership/owner-record.ts'
import type { Store } from '../../lib/store/store.ts'
import { startProgram } from '../helpers/program/program.ts'
import { sqliteShell } from '../helpers/store/sqlite-shell.ts'
import { until } from '../helpers/until.ts'
import { randomFrom } from './random.ts'

const OWNER = fileURLToPath(new URL('../fixtures/store/owner.entry.ts', import.meta.url))

/** Number of concurrent calls, so that a commit holds several. */
const LOOPS = 6

/** Latest kill. A commit takes about a millisecond, so kills come before, in and after a commit. */
const LATEST_KILL_MS = 8

export interface KillReport {
  readonly kills: number
  /** Number of increments acknowledged to the clients. */
  readonly acknowledged: number
  /** Value in the database at the end. */
  readonly counted: number
  /** Problems in words; empty if there are none. */
  readonly problems: readonly string[]
  /** Times from the successor's first try to its ownership, in ms. */
  readonly takeoverMs: readonly number[]
}

/**
 * Kills one owner after another while clients raise a counter. Each client repeats unacknowledged
 * calls with the same id. After each kill the files are copied and checked by the stock shell. Then
 * a successor, loaded beforehand, takes over.
 */
export async function killOwners(
  t: Pick<Test, 'teardown'>,
  paths: ProjectPaths,
  { kills, seed, lock }: { kills: number; seed: number; lock: LockKind },
): Promise<KillReport> {
  const random = randomFrom(seed)
  const problems: string[] = []
  const takeoverMs: number[] = []
  let acknowledged = 0
  let stopping = false
  let store: Promise<Store> | undefined

  const connect = () =>
    (store ??= openStore({ paths, role: 'client', clock: systemClock, waitMs: 60_000 }).then(opened => {
      void opened.closed.then(() => (store = undefined))
      return opened
    }))
  const loop = async () => {
    while (!stopping) {
      const id = newUuid()
      for (;;) {
        try {
          await (await connect()).call('counters.increment', { name: 'n' }, { id })
          break
        } catch (thrown) {
          if (errorCode(thrown) !== 'store-closed') throw thrown
        }
      }
      acknowledged += 1
    }
  }

  const gated = () => startProgram(t, OWNER, [paths.root, lock])
  let owner = gated()
  owner.say('go')
  await owner.line('scheduler ')
  const loops = Array.from({ length: LOOPS }, loop)
  for (let round = 1; round <= kills; round += 1) {
    const successor = gated()
    await successor.line('loaded')
    const enough = acknowledged + 1 + Math.floor(random() * 40)
    await until('more acknowledged commits', () => acknowledged >= enough)
    await delay(random() * LATEST_KILL_MS, systemClock)
    await owner.kill()
    const promised = acknowledged
    problems.push(...checkCopy(paths, round, promised))
    const from = Date.now()
    successor.say('go')
    takeoverMs.push(Number(await successor.line('scheduler ')) - from)
    owner = successor
  }
  stopping = true
  await Promise.all(loops)
  const last = await connect()
  const { value: counted } = await last.call('counters.read', { name: 'n' })
  const verdict = await last.call('store.check', {})
  problems.push(...verdict.problems)
  await last.close()
  owner.say('stop')
  await owner.exited
  return { kills, acknowledged, counted, problems, takeoverMs }
}

/** Checks the files of a killed owner with the stock shell. */
function checkCopy(paths: ProjectPaths, round: number, promised: number): string[] {
  const folder = join(paths.root, 'killed', String(round))
  mkdirSync(folder, { recursive: true })
  const copy = join(folder, 'automate.db')
  for (const part of ['', '-wal']) {
    if (existsSync(`${paths.database}${part}`)) copyFileSync(`${paths.database}${part}`, `${copy}${part}`)
  }
  const integrity = sqliteShell(copy, 'PRAGMA integrity_check')
  if (integrity === undefined) return []
  const value = Number(sqliteShell(copy, "SELECT value FROM counters WHERE name = 'n'")?.out)
  return [
    ...(integrity.out === 'ok' ? [] : [`kill ${round}: ${integrity.out}${integrity.err}`]),
    ...(value >= promised ? [] : [`kill ${round}: ${promised} acknowledged, ${value} in the file`]),
  ]
}
