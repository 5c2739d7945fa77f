import { spawnSync } from 'node:child_process'
import process from 'node:process'
import t from 'tap'

const MODULE = new URL('../../../lib/core/process/heap-growth.ts', import.meta.url).href

/**
 * Allocates objects that survive some collections of the young generation, which makes V8 grow it.
 */
const WORK = `
  import { getHeapSpaceStatistics } from 'node:v8'
  let alive = []
  for (let i = 0; i < 2_000_000; i += 1) {
    alive.push({ i, list: [i] })
    if (alive.length > 50_000) alive = []
  }
  console.log(getHeapSpaceStatistics().find(space => space.space_name === 'new_space').space_size)`

/**
 * Runs the work in its own process, after `first`, and returns the size of its young generation in
 * bytes.
 */
function youngAfter(first: string): number {
  const args = ['--input-type=module', '--eval', first + WORK]
  return Number(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout)
}

t.test('limiting the growth of the heap keeps the young generation small', async t => {
  const limited = youngAfter(`import { limitHeapGrowth } from '${MODULE}'; limitHeapGrowth();`)
  const unlimited = youngAfter('')
  t.comment(`${limited} bytes with the limit, ${unlimited} without it`)
  t.ok(limited > 0 && limited <= unlimited / 4)
})
