import { strFromU8, unzipSync } from 'fflate'
import t from 'tap'
import { redactorOf } from '../../lib/core/text/redact.ts'
import { crashBundle } from '../../lib/report/crash-bundle.ts'
import { crash } from '../helpers/builders/crash.ts'

t.test('a bundle holds the report, the logs, the picture and the configuration, and no secret', async t => {
  const secret = 'hunter2hunter2'
  const parts = {
    crash: crash({ lastLines: [`typed ${secret}`], url: `http://a:${secret}@x.test/?token=abc` }),
    config: { workers: { value: 4 }, custom: { apiToken: 'zzz', state: 'ok' } },
    versions: { node: 'v24' },
    texts: new Map([
      ['workers/w.log', `{"message":"of ${secret}","cookie":"a=b","level":"info"}\n{torn ${secret}`],
      ['chrome/c.log', 'authorization: Bearer abcdefgh\nplain'],
    ]),
    pictures: new Map([['screenshots/s.png', new Uint8Array([1, 2, 3])]]),
  }
  const files = unzipSync(crashBundle(parts, redactorOf([secret])))
  t.strictSame(Object.keys(files).sort(), [
    'chrome/c.log',
    'config.json',
    'crash.json',
    'screenshots/s.png',
    'versions.json',
    'workers/w.log',
  ])
  const texts = Object.entries(files).flatMap(([name, bytes]) =>
    name.endsWith('.png') ? [] : [strFromU8(bytes)],
  )
  for (const text of texts) t.notMatch(text, /hunter2|zzz|a=b|abcdefgh|token=abc/)
  t.match(JSON.parse(strFromU8(files['crash.json'] ?? new Uint8Array())), {
    jobId: 7,
    error: { code: 'unexpected' },
  })
  t.match(JSON.parse(strFromU8(files['config.json'] ?? new Uint8Array())), {
    custom: { apiToken: '***', state: 'ok' },
  })
  const [line] = strFromU8(files['workers/w.log'] ?? new Uint8Array()).split('\n')
  t.match(JSON.parse(line ?? ''), { message: 'of ***', level: 'info' })
  t.strictSame(files['screenshots/s.png'], new Uint8Array([1, 2, 3]))
})

t.test('a bundle holds no control sequence of a page, and its JSON stays valid', async t => {
  const attack = '\u001b]0;PWN\u0007\u001b[31m\u009b31m\u202e\u0090x\u007f\u0000\u2066end\u009b'
  const chrome = `plain\tline\r\n${attack}\n\u001b]52;c;never ended\nnext\n`
  const worker = `${JSON.stringify({ message: attack, [attack]: 'name', level: 'info' })}\n{torn ${attack}\n`
  const parts = {
    crash: crash({ lastLines: [attack] }),
    config: { custom: { title: attack } },
    versions: { browser: attack },
    texts: new Map([
      ['chrome/c.log', chrome],
      ['workers/w.log', worker],
    ]),
    pictures: new Map<string, Uint8Array>(),
  }
  const files = unzipSync(crashBundle(parts, redactorOf([])))
  const textOf = (name: string) => strFromU8(files[name] ?? new Uint8Array())
  t.equal(Object.keys(files).length, 5)
  for (const name of Object.keys(files)) {
    t.notMatch(textOf(name), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/, name)
    t.notMatch(textOf(name), /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/, name)
  }
  t.match(textOf('chrome/c.log'), /^plain\tline\n␛␛␛·[^\n]*end·\n␛\nnext\n$/)
  const [line] = textOf('workers/w.log').split('\n')
  t.match(JSON.parse(line ?? ''), { message: /^␛␛␛·/, level: 'info' })
  t.match(JSON.parse(textOf('versions.json')), { browser: /end·$/ })
})
