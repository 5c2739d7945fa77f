import t from 'tap'
import { parseProxy } from '../../../lib/model/proxy/proxy-address.ts'

const good: readonly (readonly [string, string, [string, string] | null])[] = [
  ['http://proxy.example:8080', 'http://proxy.example:8080', null],
  ['proxy.example:3128', 'http://proxy.example:3128', null],
  [' https://proxy.example ', 'https://proxy.example:443', null],
  ['http://proxy.example:80', 'http://proxy.example:80', null],
  ['https://proxy.example:80', 'https://proxy.example:80', null],
  ['http://[::1]:8080', 'http://[::1]:8080', null],
  ['socks5://10.0.0.1', 'socks5://10.0.0.1:1080', null],
  ['http://ann:s%40cret%2F@proxy:1', 'http://proxy:1', ['ann', 's@cret/']],
  ['ann:hunter2@proxy:1', 'http://proxy:1', ['ann', 'hunter2']],
]

for (const [text, server, login] of good) {
  t.test(`${text} is ${server}`, async t => {
    const [username, password] = login ?? []
    t.match(parseProxy(text), { server, login: login === null ? null : { username, password } })
  })
}

const bad: readonly (readonly [string, RegExp])[] = [
  ['', /not a proxy address/],
  ['ftp://proxy:1', /scheme "ftp"/],
  ['http://proxy:99999', /not a proxy address/],
  ['http://ann:hunt/er2@proxy:1', /not a proxy address|text after its port/],
  ['http://ann:hunter2@proxy:1/path', /text after its port/],
  ['http://ann:%hunter2@proxy:1', /"%25?"|starts no escape/],
  ['socks5://ann:hunter2@proxy:1080', /cannot log in to a SOCKS5 proxy/],
]

for (const [text, problem] of bad) {
  t.test(`refuses "${text}" with a reason that holds no secret`, async t => {
    const parsed = parseProxy(text)
    t.match(parsed, { problem })
    t.notMatch(JSON.stringify(parsed), /hunt|er2/)
  })
}

t.test('two user names at one address are two proxies, whose names reveal neither', async t => {
  const ids = ['ann-1', 'ann-2']
    .map(name => parseProxy(`http://${name}:p@proxy:1`))
    .map(one => ('id' in one ? one.id : ''))
  t.notSame(ids[0], ids[1])
  for (const id of ids) t.match(id, /^http:\/\/proxy:1#[0-9a-f]{6}$/)
})
