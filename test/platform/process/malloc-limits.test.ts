import { spawnSync } from 'node:child_process'
import process from 'node:process'
import t from 'tap'
import { z } from 'zod'

const MODULE = new URL('../../../lib/platform/process/malloc-limits.ts', import.meta.url).href

/**
 * Script that starts threads which allocate, and prints the number of arenas. glibc aligns each
 * arena to its size of 64 MB, and only a part of an arena is writable.
 */
const WORK = `
  import { once } from 'node:events'
  import { readFileSync } from 'node:fs'
  import { Worker } from 'node:worker_threads'
  const threads = Array.from({ length: 6 }, () => new Worker('setInterval(() => {}, 1000)', { eval: true }))
  await Promise.all(threads.map(thread => once(thread, 'online')))
  const ARENA = 64 * 1024 * 1024
  const maps = [...readFileSync('/proc/self/maps', 'utf8').matchAll(/^(\\w+)-(\\w+) (\\S+) 0+ 00:00 0\\s*$/gm)]
    .map(([, from, to, mode]) => ({ from: parseInt(from, 16), to: parseInt(to, 16), mode }))
  console.log(maps.filter(({ from, to, mode }, index) => {
    const next = maps[index + 1]
    return mode === 'rw-p' && next?.mode === '---p' && next.from === to && from % ARENA === 0 && next.to - from === ARENA
  }).length)
  process.exit()`

/** Runs the script in a process of its own, after `first`, and returns the number of arenas. */
function arenasAfter(first: string): number {
  const args = ['--input-type=module', '--eval', first + WORK]
  return Number(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout)
}

const Report = z.object({ header: z.object({ glibcVersionRuntime: z.string().optional() }) })
const { glibcVersionRuntime } = Report.parse(process.report.getReport()).header
const options = glibcVersionRuntime === undefined ? { skip: 'malloc has no arenas here' } : {}

t.test('the threads of a process that limits malloc share a few arenas', options, t => {
  const limited = arenasAfter(`import { limitMalloc } from '${MODULE}'; limitMalloc();`)
  const unlimited = arenasAfter('')
  t.comment(`${limited} arenas with the limit, ${unlimited} without it`)
  t.ok(unlimited >= limited + 4)
  t.end()
})
