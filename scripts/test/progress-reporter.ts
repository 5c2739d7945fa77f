import { spawnSync } from 'node:child_process'
import { inspect } from 'node:util'
import { Spawn } from 'tap'
import type { Test } from 'tap'
import { z } from 'zod'
import { readJsonIfExistsSync, writeJsonSync } from '../../lib/files/documents/atomic-json.ts'
import { timeLeftMs } from './time-left.ts'

/** Schema of the duration of each file in its last run, in ms. */
const Times = z.record(z.string(), z.number())
const TIMES_FILE = 'node_modules/.cache/test-times.json'

const MS_A_SECOND = 1_000
const SECONDS_A_MINUTE = 60

let reported: Test | undefined

/**
 * Prints a TAP line for each test file when the file has ended, with the file's number in the run
 * and the remaining time. At the end, prints the failed assertions. Tap calls this function as a
 * React component, which returns null because it draws nothing.
 */
export default function ProgressReporter({ test }: { readonly test: Test }): null {
  if (reported === test) return null
  reported = test
  const earlier = readJsonIfExistsSync(TIMES_FILE, Times) ?? {}
  const times: Record<string, number> = {}
  const startedAt = performance.now()
  const names = new Set<string>()
  const failed = new Set<string>()
  const started = new Map<string, number>()
  print('TAP version 14')
  test.on('subtestAdd', subtest => {
    names.add(subtest.name)
    if (subtest instanceof Spawn) {
      subtest.on('process', ({ stderr }) => stderr?.pipe(process.stderr, { end: false }))
    }
  })
  test.on('subtestStart', ({ name }) => started.set(name, performance.now()))
  test.on('subtestEnd', ({ name, results }) => {
    const now = performance.now()
    times[name] = Math.round(now - (started.get(name) ?? now))
    const count = Object.keys(times).length
    if (count === 1) print(`1..${names.size}`)
    const left = timeLeftMs([...names], times, earlier, now - startedAt)
    const progress = `${count} of ${names.size}, ${inWords(times[name])}, about ${inWords(left)} left`
    if (results?.ok !== true) failed.add(name)
    print(`${failed.has(name) ? 'not ok' : 'ok'} ${count} - ${name} # ${progress}`)
  })
  test.on('complete', () => {
    print(`\n# ${inspect(test.counts.toJSON())}`)
    print(`# time=${Math.round(performance.now() - startedAt)}ms`)
    process.once('exit', () => replay([...failed]))
    writeJsonSync(TIMES_FILE, { ...earlier, ...times })
  })
  return null
}

/** Prints the failed assertions of the given files, from tap's stored results. */
function replay(files: readonly string[]): void {
  const [, tap] = process.argv
  if (files.length > 0 && tap !== undefined)
    spawnSync(process.execPath, [tap, 'replay', '--reporter=min', ...files], { stdio: 'inherit' })
}

function inWords(ms: number): string {
  const seconds = ms / MS_A_SECOND
  if (seconds < SECONDS_A_MINUTE) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / SECONDS_A_MINUTE)} min ${Math.round(seconds % SECONDS_A_MINUTE)} s`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
