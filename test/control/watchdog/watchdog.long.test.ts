import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startChild } from '../../helpers/processes/child.ts'
import type { Child } from '../../helpers/processes/child.ts'
import { newProject } from '../../helpers/store/project.ts'

const LIMIT_MS = 3_000

/** Starts a process with a watched main thread. */
async function watched(paths = newProject()): Promise<Child> {
  const child = startChild('watchdog/watched.entry.ts', [paths.root, String(LIMIT_MS)])
  t.teardown(() => child.process.kill('SIGKILL'))
  await child.line()
  return child
}

const send = (child: Child, line: string) => child.process.stdin?.write(`${line}\n`)

/** Hangs a watched process until the watchdog has ended it. */
async function hang(paths = newProject()): Promise<void> {
  const child = await watched(paths)
  send(child, 'hang')
  t.match(await child.ended, { code: null, signal: 'SIGKILL' })
}

t.test('a debugger attached later may stop the main thread for any time', async t => {
  const child = await watched()
  send(child, 'open')
  const debug = new WebSocket(await child.line())
  await once(debug, 'open')
  const paused = new Promise(resolve => {
    debug.addEventListener('message', ({ data }) => {
      if (String(data).includes('"Debugger.paused"')) resolve(undefined)
    })
  })
  for (const [id, method] of ['Debugger.enable', 'Debugger.pause'].entries())
    debug.send(JSON.stringify({ id, method }))
  await paused
  // Both processes reach the limit later than the process at the breakpoint.
  await hang()
  await hang()
  t.equal(child.process.exitCode, null)
  debug.send(JSON.stringify({ id: 2, method: 'Debugger.resume' }))
  send(child, 'ping')
  t.equal(await child.line(), 'pong')
  debug.close()
})

t.test('logs a hang with its calls', async t => {
  const paths = newProject()
  await hang(paths)
  const log = readFileSync(join(paths.logs('console', new Date()), 'console.log'), 'utf8')
  t.match(log, /has hung for 3 s in .*watched\.entry\.ts:\d+/)
})

t.test(
  'ends a process even if its disk accepts no log',
  { skip: process.platform === 'win32' && 'needs a FIFO' },
  async () => {
    const paths = newProject()
    // A writer that opens a FIFO waits for a reader.
    execFileSync('mkfifo', [join(paths.logs('console', new Date()), 'console.log')])
    await hang(paths)
  },
)
