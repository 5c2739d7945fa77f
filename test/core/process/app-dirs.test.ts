import { join } from 'node:path'
import t from 'tap'
import { cacheDir, dataDir } from '../../../lib/core/process/app-dirs.ts'

t.test("the data folder is in the user's data folder of the system", async t => {
  t.equal(dataDir({ XDG_DATA_HOME: '/data' }, 'linux'), join('/data', 'automate-tui'))
  t.match(dataDir({}, 'linux'), /[\\/]\.local[\\/]share[\\/]automate-tui$/)
  t.equal(dataDir({ LOCALAPPDATA: 'C:\\Local' }, 'win32'), join('C:\\Local', 'automate-tui'))
  t.match(dataDir({}, 'darwin'), /Application Support[\\/]automate-tui$/)
})

t.test('the cache folder is separate from the data folder', async t => {
  t.equal(cacheDir({ XDG_CACHE_HOME: '/cache' }, 'linux'), join('/cache', 'automate-tui'))
  t.match(cacheDir({}, 'linux'), /[\\/]\.cache[\\/]automate-tui$/)
  t.equal(cacheDir({ LOCALAPPDATA: 'C:\\Local' }, 'win32'), join('C:\\Local', 'automate-tui', 'cache'))
  t.match(cacheDir({}, 'darwin'), /Caches[\\/]automate-tui$/)
})

t.test('ignores an empty or relative folder in the environment', async t => {
  for (const path of ['', 'relative', './data']) {
    for (const system of ['linux', 'win32'] as const) {
      const env = { XDG_DATA_HOME: path, XDG_CACHE_HOME: path, LOCALAPPDATA: path }
      t.equal(dataDir(env, system), dataDir({}, system), `data on ${system}: "${path}"`)
      t.equal(cacheDir(env, system), cacheDir({}, system), `cache on ${system}: "${path}"`)
    }
  }
})
