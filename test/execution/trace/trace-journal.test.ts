import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import t from 'tap'
import { knownSecrets } from '../../../lib/core/secrets/known-secrets.ts'
import { TraceJournal } from '../../../lib/execution/trace/trace-journal.ts'
import { packRecording } from '../../../lib/files/trace/pack-recording.ts'
import { frameName, lastFrame, recordingOf } from '../../../lib/files/trace/recording.ts'

/** Picture that ends with the last two bytes of a JPEG file. */
const PICTURE = new Uint8Array(50_000)
PICTURE.set([0xff, 0xd9], PICTURE.length - 2)
const MEMBER = { workerId: 'w1', jobId: 7, attempt: 1, member: 1, members: 1, workflow: 'fixture' }

function journalIn(folder: string, limitBytes: number) {
  const recording = recordingOf(folder, 'job_7')
  const said: string[] = []
  const journal = new TraceJournal({
    recording,
    limitBytes,
    picturesOnly: false,
    onThinned: what => said.push(what),
    onBroken: reason => said.push(reason),
  })
  const size = () =>
    statSync(recording.lines).size +
    readdirSync(recording.frames).reduce((sum, name) => sum + statSync(join(recording.frames, name)).size, 0)
  return { recording, journal, said, size }
}

const console = (text: string) =>
  ({
    type: 'console',
    messageType: 'log',
    text,
    time: 1,
    location: { url: '', lineNumber: 0, columnNumber: 0 },
  }) as const

t.test('a recording stays within its size by removing older pictures and excess lines', async t => {
  const { recording, journal, said, size } = journalIn(t.testdir(), 1_000_000)
  for (let n = 0; n < 100; n++) journal.frame('page-1', n * 200, PICTURE)
  const kept = readdirSync(recording.frames)
  t.ok(kept.length <= 12, `${kept.length} pictures`)
  t.ok(lastFrame(recording)?.endsWith('000019800-page-1.jpeg'), 'the newest picture stays')
  t.ok(kept.includes('000000000-page-1.jpeg'), 'the first picture stays too')
  t.ok(journal.frameSpacing > 1, 'later pictures come at longer intervals')

  for (let n = 0; n < 100; n++) {
    journal.snapshot({ type: 'frame-snapshot', snapshot: { html: 'x'.repeat(10_000) } })
    journal.line(console('y'.repeat(10_000)))
  }
  for (let n = 0; n < 4_000; n++) journal.line({ type: 'after', callId: `call@${n}`, endTime: 5 })
  t.same(said, ['frames', 'lines', 'snapshots', 'actions'])
  journal.close()
  t.ok(size() <= 1_000_000, `${size()} bytes`)
  const talk = readFileSync(recording.lines, 'utf8')
  t.ok(talk.includes('"call@100"'), 'a page with much output takes no space from the actions')
})

t.test('a picture that cannot be removed stays, and recording continues', async t => {
  const { recording, journal, said } = journalIn(t.testdir(), 1_000_000)
  const record = (n: number) => journal.frame('page-1', n * 200, PICTURE)
  for (let n = 0; n < 10; n++) t.ok(record(n))
  const held = join(recording.frames, frameName('page-1', 200))
  rmSync(held)
  mkdirSync(held)
  for (let n = 10; n < 100; n++) t.ok(record(n))
  t.same(said, ['frames'])
  const kept = readdirSync(recording.frames)
  t.ok(kept.length <= 13, `${kept.length} pictures`)
})

t.test('a recording with a torn last line is packed up to it, and open actions are closed', async t => {
  const { recording, journal } = journalIn(t.testdir(), 1_000_000)
  const viewport = { width: 1, height: 1 }
  journal.line({
    type: 'head',
    version: 1,
    ...MEMBER,
    startedAt: 5,
    at: 1,
    browser: 'Chrome/1',
    platform: 'linux',
    viewport,
  })
  const before = { type: 'before', pageId: 'page@1', class: 'Test', method: 'step', params: {} } as const
  journal.line({ ...before, callId: 'phase@1', startTime: 2, title: '1/1 only' })
  journal.line({ ...before, callId: 'step@2', parentId: 'phase@1', startTime: 3, title: 'a step' })
  journal.line({
    ...{
      type: 'request',
      id: 'r',
      at: 4,
      startedAt: 8,
      page: 'page@1',
      frame: 'f',
      method: 'GET',
      url: 'http://shop.test/',
    },
    ...{ headers: [], resource: 'Document' },
  } as const)
  journal.close()
  writeFileSync(recording.lines, '{"type":"console","te', { flag: 'a' })

  const zipFile = join(t.testdirName, 'job_7.zip')
  await packRecording(recording, zipFile, 'killed')
  t.notOk(existsSync(recording.lines), 'the recording is removed')
  const entries = unzipSync(readFileSync(zipFile))
  const lines = (name: string): unknown[] =>
    Buffer.from(entries[name] ?? [])
      .toString()
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as unknown)
  t.match(lines('trace.trace'), [
    { type: 'context-options', version: 8, monotonicTime: 1, wallTime: 5 },
    { callId: 'phase@1' },
    { callId: 'step@2' },
    { type: 'after', callId: 'step@2', endTime: 4, error: { message: 'killed' } },
    { type: 'after', callId: 'phase@1', endTime: 4, error: { message: 'killed' } },
    { type: 'error', message: 'killed' },
  ])
  t.match(lines('trace.network'), [
    { snapshot: { request: { url: 'http://shop.test/' }, response: { status: -1 } } },
  ])
})

t.test('a recording that cannot be written ends, reports why once, and does no harm', async t => {
  const { journal, said } = journalIn(join(t.testdir(), 'nowhere'), 1_000_000)
  journal.line(console('a'))
  journal.line(console('b'))
  journal.discard()
  t.match(said, [/ENOENT/])
})

t.test('redacts secrets in every line, also under names of links, and keeps the links', async t => {
  knownSecrets.add(['canary-of-the-page', 'page@1'])
  const { recording, journal } = journalIn(t.testdir(), 1_000_000)
  const secret = 'canary-of-the-page'
  const request = { type: 'request', id: 'r', at: 1, startedAt: 1, page: 'page@1', frame: 'F' } as const
  journal.line({ ...request, method: secret, url: secret, headers: [], resource: 'Fetch' })
  journal.line({
    ...{ type: 'before', callId: 'call@1', pageId: 'page@1', startTime: 1, title: 'goto', class: 'Page' },
    ...{ method: 'goto', params: { method: secret, callId: secret, class: { pageId: secret } } },
  })
  const params = {
    pageId: 'page@1',
    error: { error: { name: secret, message: '', class: secret, id: secret } },
  }
  journal.line({
    ...{ type: 'event', class: 'BrowserContext', method: 'pageError', pageId: 'page@1' },
    params,
  })
  const links = { callId: 'call@1', pageId: 'page@1', frameId: 'F', snapshotName: 'after@call@1' }
  const html = ['HTML', { callId: secret, pageId: secret }]
  journal.snapshot({ type: 'frame-snapshot', snapshot: { ...links, html, viewport: { frameId: secret } } })
  journal.close()
  const written = readFileSync(recording.lines, 'utf8')
  t.notMatch(written, secret)
  const lines = written.trim().split('\n')
  t.match(
    lines.map((line): unknown => JSON.parse(line)),
    [
      { ...request, method: '***' },
      { type: 'before', callId: 'call@1', pageId: 'page@1', class: 'Page', method: 'goto' },
      { type: 'event', method: 'pageError', pageId: 'page@1', params: { pageId: 'page@1' } },
      { type: 'frame-snapshot', snapshot: links },
    ],
  )
})
