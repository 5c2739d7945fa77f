import { spawnSync } from 'node:child_process'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { newFolder } from '../../helpers/store/project.ts'

const MODULE = new URL('../../../lib/core/process/compile-cache.ts', import.meta.url).href

/** Returns the reports of a process and its child about their cache. */
function run(env: NodeJS.ProcessEnv): { status: number | null; stdout: string } {
  const child = "process.stdout.write(' ' + require('node:module').getCompileCacheDir())"
  const code = `
    import { execFileSync } from 'node:child_process'
    import { getCompileCacheDir } from 'node:module'
    import { useCompileCache } from ${JSON.stringify(MODULE)}
    useCompileCache()
    process.stdout.write(String(getCompileCacheDir()))
    process.stdout.write(execFileSync(process.execPath, ['-e', ${JSON.stringify(child)}]))`
  const ours: NodeJS.ProcessEnv = { ...process.env, ...env }
  delete ours['NODE_COMPILE_CACHE']
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    env: ours,
    encoding: 'utf8',
  })
}

t.test('a process and its child share one cache, private to the user', async t => {
  const home = newFolder()
  const { stdout } = run({ XDG_CACHE_HOME: home, LOCALAPPDATA: home, HOME: home })
  const [own, childs] = stdout.split(' ')
  t.ok(own?.startsWith(home), "the cache is in the user's folder")
  t.equal(childs, own)
  t.ok(existsSync(own ?? ''))
  if (process.platform === 'linux')
    t.equal(statSync(join(home, 'automate-tui', 'compiled')).mode & 0o777, 0o700)
})

t.test('starts without a cache if its folder cannot be created', async t => {
  const file = join(newFolder(), 'file')
  writeFileSync(file, '')
  const { status, stdout } = run({ XDG_CACHE_HOME: file, LOCALAPPDATA: file, HOME: file })
  t.equal(status, 0)
  t.equal(stdout, 'undefined undefined')
})
