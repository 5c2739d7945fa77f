import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { PROGRAM } from '../../../lib/core/process/program.ts'
import { InstalledPackage } from '../../../lib/platform/package/installed-package.ts'

const CODE = 'export {}\n'

/** Writes a package in which only `dist/main.js` is executed. */
function install(folder: string, version: string, build: string, code: string | null = CODE): void {
  mkdirSync(join(folder, 'dist'), { recursive: true })
  if (code !== null) writeFileSync(join(folder, 'dist', 'main.js'), code)
  const files = { 'dist/main.js': CODE.length }
  writeFileSync(join(folder, 'dist', 'build.json'), JSON.stringify({ version, build, files }))
}

t.test('notices a replaced package, and accepts another one only if it is complete', t => {
  const folder = join(t.testdir(), 'automate-tui')
  install(folder, '1.0.0', 'a')
  const installed = new InstalledPackage(folder, 'a')
  const look = () => [installed.isOwn, installed.replacement?.version]
  t.strictSame(look(), [true, undefined])

  renameSync(folder, `${folder}-retired`)
  t.strictSame(look(), [false, undefined], 'the package is gone')
  install(folder, '2.0.0', 'b', null)
  t.strictSame(look(), [false, undefined], 'a file is missing')
  writeFileSync(join(folder, 'dist', 'main.js'), CODE.slice(1))
  t.strictSame(look(), [false, undefined], 'a file is incomplete')
  writeFileSync(join(folder, 'dist', 'main.js'), CODE)
  t.strictSame(look(), [false, '2.0.0'])

  rmSync(folder, { recursive: true })
  mkdirSync(folder)
  symlinkSync('dist', join(folder, 'dist'))
  t.strictSame(look(), [false, undefined], 'the package cannot be read for now')

  rmSync(folder, { recursive: true })
  renameSync(`${folder}-retired`, folder)
  t.strictSame(look(), [true, undefined], 'the old package is back')
  writeFileSync(join(folder, 'dist', 'build.json'), 'no JSON')
  t.strictSame(look(), [false, undefined])
  t.end()
})

t.test('a checkout has no package that could be replaced', t => {
  t.equal(PROGRAM.build, 'source')
  t.match(PROGRAM.version, /^\d+\.\d+\.\d+/)
  const installed = new InstalledPackage(t.testdir())
  t.strictSame([installed.isOwn, installed.replacement], [true, null])
  t.end()
})
