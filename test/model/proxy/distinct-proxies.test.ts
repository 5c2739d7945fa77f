import { randomBytes } from 'node:crypto'
import t from 'tap'
import { isNamed, withDistinctIds } from '../../../lib/model/proxy/distinct-proxies.ts'
import { ProxyId, parseProxy } from '../../../lib/model/proxy/proxy-address.ts'
import type { Proxy } from '../../../lib/model/proxy/proxy-address.ts'

const KEY = randomBytes(32)

const parsed = (texts: readonly string[]): Proxy[] =>
  texts.map(text => {
    const proxy = parseProxy(text)
    if ('problem' in proxy) throw new Error(proxy.problem)
    return proxy
  })

const idsOf = (proxies: readonly Proxy[], key = KEY): string[] =>
  withDistinctIds(proxies, () => key).map(({ id }) => id)

const SESSIONS = parsed(['http://ann:de@proxy:1', 'http://ann:fr@proxy:1', 'http://ann:it@proxy:1'])
const OTHERS = parsed([
  'http://ben:de@proxy:1',
  'http://ann:de@proxy:2',
  'http://proxy:1',
  'socks5://proxy:1',
])

t.test('two passwords of one user name are two proxies, and the other names stay', async t => {
  const ids = idsOf([...SESSIONS, ...OTHERS])
  t.equal(new Set(ids).size, ids.length)
  t.strictSame(
    ids.slice(SESSIONS.length),
    OTHERS.map(({ id }) => id),
  )
  for (const id of ids) t.equal(ProxyId.parse(id), id)
  const needless = () => {
    throw new Error('nothing needs the key')
  }
  t.strictSame(withDistinctIds(OTHERS, needless), OTHERS)
  const twice = [...SESSIONS.slice(0, 1), ...SESSIONS.slice(0, 1)]
  t.strictSame(withDistinctIds(twice, needless), twice, 'an entry that is there twice is one proxy')
})

t.test('the names depend on the key and the password, and not on the other entries', async t => {
  const ids = idsOf(SESSIONS)
  t.strictSame(idsOf(SESSIONS.toReversed()), ids.toReversed())
  t.strictSame(idsOf(SESSIONS.slice(1)), ids.slice(1))
  const others = idsOf(SESSIONS, randomBytes(32))
  for (const id of ids) t.notOk(others.includes(id), 'without the key nobody can compare a guess')
})

t.test('a name from the time before the second password stands for all of them', async t => {
  const [before] = SESSIONS
  const distinct = withDistinctIds(SESSIONS, () => KEY)
  for (const proxy of distinct) {
    t.strictSame(
      [proxy.id, proxy.server, before?.id ?? ''].map(name => isNamed(proxy, name)),
      [true, true, true],
    )
  }
  t.strictSame(
    distinct.filter(proxy => isNamed(proxy, distinct[0]?.id ?? '')),
    distinct.slice(0, 1),
  )
})
