import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { boundWorkerOutput } from '../../../../lib/control/machine/workers/worker-output.ts'

t.test("cuts the middle of a worker's output while it prints, and ignores missing files", async t => {
  const folder = t.testdir()
  const file = join(folder, 'w1.out')
  const output = openSync(file, 'a')
  writeSync(output, `it began\n${'x'.repeat(90)}\n`.repeat(1_000))
  boundWorkerOutput([join(folder, 'gone.out'), file, ''], 10_000)
  t.ok(statSync(file).size < 10_000)
  writeSync(output, 'its last words\n')
  closeSync(output)
  t.match(readFileSync(file, 'utf8'), /^it began[^]*bytes are left out[^]*its last words\n$/)
})
