import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { privateCacheFolder } from '../../../lib/core/process/private-cache-folder.ts'
import { newFolder } from '../../helpers/store/project.ts'

const USER = 61_000
const isRoot = process.geteuid?.() === 0

/** Creates a cache in a home folder, named by the environment. */
function newHome(t: Pick<Test, 'teardown'>) {
  const home = newFolder()
  const { XDG_CACHE_HOME: before } = process.env
  process.env['XDG_CACHE_HOME'] = join(home, '.cache')
  t.teardown(() => {
    if (before === undefined) delete process.env['XDG_CACHE_HOME']
    else process.env['XDG_CACHE_HOME'] = before
  })
  return {
    home,
    above: join(home, '.cache', 'automate-tui'),
    cache: join(home, '.cache', 'automate-tui', 'compiled'),
  }
}

const onLinux = {
  skip: process.platform !== 'linux' && 'the cache of this system has no variable of its own',
}

t.test('restricts a cache that others may read, and empties one that they may write', onLinux, async t => {
  const { cache } = newHome(t)
  mkdirSync(cache, { recursive: true })
  writeFileSync(join(cache, 'code'), '')
  chmodSync(cache, 0o755)
  t.equal(privateCacheFolder('compiled'), cache)
  t.equal(statSync(cache).mode & 0o777, 0o700)
  t.same(readdirSync(cache), ['code'])
  chmodSync(cache, 0o777)
  t.equal(privateCacheFolder('compiled'), cache)
  t.equal(statSync(cache).mode & 0o777, 0o700)
  t.same(readdirSync(cache), [])
})

t.test(
  'root neither creates nor removes a cache in the home of another user',
  { skip: onLinux.skip !== false ? onLinux.skip : !isRoot && 'only root can make files of another user' },
  async t => {
    const { home, above, cache } = newHome(t)
    chownSync(home, USER, USER)
    t.equal(privateCacheFolder('compiled'), undefined)
    t.same(readdirSync(home), [], 'no folder is created')
    mkdirSync(cache, { recursive: true })
    writeFileSync(join(cache, 'code'), '')
    for (const folder of [join(home, '.cache'), above, cache]) chownSync(folder, USER, USER)
    chmodSync(cache, 0o777)
    t.equal(privateCacheFolder('compiled'), undefined)
    t.ok(existsSync(join(cache, 'code')), 'nothing is removed')
    t.equal(statSync(cache).uid, USER)
    t.equal(privateCacheFolder('typescript'), undefined)
    t.same(readdirSync(above), ['compiled'])
    chownSync(cache, 0, 0)
    t.equal(privateCacheFolder('compiled'), undefined, 'the user may replace a folder of root there')
    t.ok(existsSync(join(cache, 'code')))
  },
)
