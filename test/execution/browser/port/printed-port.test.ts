import { PassThrough } from 'node:stream'
import t from 'tap'
import { followPrintedPort } from '../../../../lib/execution/browser/port/printed-port.ts'

const LINE = 'DevTools listening on ws://127.0.0.1:28846/devtools/browser/04a7ca47-4bcf\n'

t.test('reads the port from the line that Chrome prints, however it arrives', async t => {
  for (const cut of [0, 9, LINE.length - 1]) {
    const stderr = new PassThrough()
    const port = followPrintedPort(stderr)
    stderr.write(`[1:1:ERROR] no bus\n\n${LINE.slice(0, cut)}`)
    await new Promise(setImmediate)
    t.equal(port(), undefined)
    stderr.write(LINE.slice(cut))
    await new Promise(setImmediate)
    t.same(port(), { port: 28846, path: '/devtools/browser/04a7ca47-4bcf' })
    t.equal(stderr.listenerCount('data'), 0, 'it stops reading')
  }
})

t.test('ignores a port line that a page prints later', async t => {
  const stderr = new PassThrough()
  const port = followPrintedPort(stderr)
  stderr.write(LINE)
  stderr.write(LINE.replace('28846', '1'))
  await new Promise(setImmediate)
  t.equal(port()?.port, 28846)
  const long = new PassThrough()
  const none = followPrintedPort(long)
  long.write('x'.repeat(64_000))
  long.write(`\n${LINE}`)
  await new Promise(setImmediate)
  t.equal(none(), undefined)
})
