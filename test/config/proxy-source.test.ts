import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { proxySource } from '../../lib/config/proxy-source.ts'
import { FakeClock } from '../helpers/fake-clock.ts'
import { newFolder } from '../helpers/store/project.ts'

const HOUR_MS = 3_600_000

t.test('calls a function when its last list is a minute old, despite clock changes', async t => {
  const root = newFolder()
  const calls = join(root, 'calls')
  const config = [
    "import { appendFileSync } from 'node:fs'",
    `export default { proxies: () => (appendFileSync(${JSON.stringify(calls)}, 'x'), ['http://a:1']) }`,
  ]
  writeFileSync(join(root, 'automate.config.ts'), config.join('\n'))
  const clock = new FakeClock()
  const deps = { clock, requireTrust: () => undefined, key: () => randomBytes(32) }
  const source = proxySource({ from: 'function' }, root, 'automate.config.ts', deps)
  const count = () => (existsSync(calls) ? readFileSync(calls, 'utf8').length : 0)
  await source.list()
  clock.jump(HOUR_MS)
  await source.list()
  t.equal(count(), 1, 'a clock set forward does not expire the list')
  clock.jump(-2 * HOUR_MS)
  clock.advance(60_001)
  t.match(await source.list(), [{ id: 'http://a:1' }])
  t.equal(count(), 2, 'a clock set back does not keep the list')
})
