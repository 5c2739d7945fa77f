import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Test } from 'tap'

const PROGRAM = fileURLToPath(new URL('../../fixtures/platform/writes-in-a-thread.ts', import.meta.url))
/** Larger than the thread's limit for one message. */
const LINE_BYTES = 10 * 1024 * 1024

/** Starts the program, and reads its output from the start, late or never. */
function start(t: Pick<Test, 'teardown'>) {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => child.kill('SIGKILL'))
  const goesOn = new Promise<void>(resolve => {
    child.stderr.once('data', () => resolve())
  })
  const exited = new Promise<number | null>(resolve => {
    // The output closes with the process, whether it was read or not.
    child.once('exit', code => resolve(code))
  })
  let bytes = 0
  const read = () => child.stdout.on('data', (chunk: Buffer) => (bytes += chunk.length))
  return { goesOn, exited, read, bytes: () => bytes }
}

t.test('all output arrives before the process ends, even if it is read late', async t => {
  const { goesOn, exited, read, bytes } = start(t)
  await goesOn
  read()
  t.equal(await exited, 7)
  t.equal(bytes(), LINE_BYTES)
})

t.test('a process exits with its exit code even if its output is never read', async t => {
  const { goesOn, exited } = start(t)
  await goesOn
  t.equal(await exited, 7)
})
