import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { danglingTarget } from '../../../lib/core/disk/dangling-link.ts'
import { makeFolder } from '../../../lib/core/disk/make-folder.ts'
import { newFolder } from '../../helpers/store/project.ts'

const PRIVATE_FOLDER = 0o700

t.test('creates a folder with its parents, and leaves an existing folder as it is', t => {
  const root = newFolder()
  const folder = join(root, 'logs', 'today', 'console')
  makeFolder(folder, PRIVATE_FOLDER)
  writeFileSync(join(folder, 'console.log'), '')
  makeFolder(folder)
  t.ok(existsSync(join(folder, 'console.log')))
  if (process.platform !== 'win32') {
    for (const part of ['logs', 'logs/today', 'logs/today/console'])
      t.equal(statSync(join(root, part)).mode & 0o777, PRIVATE_FOLDER, part)
  }
  t.end()
})

t.test('creates neither a missing required folder nor a folder in it', t => {
  const root = join(newFolder(), 'project')
  const folder = join(root, 'logs', 'today')
  for (const path of [folder, join(root, 'data')])
    t.throws(() => makeFolder(path, PRIVATE_FOLDER, root), { code: 'ENOENT' }, path)
  t.notOk(existsSync(root))
  mkdirSync(root)
  makeFolder(folder, PRIVATE_FOLDER, root)
  t.ok(existsSync(folder))
  const link = join(newFolder(), 'link')
  symlinkSync(join(root, 'missing'), link, 'junction')
  t.throws(() => makeFolder(join(link, 'logs'), PRIVATE_FOLDER, link), { code: 'environment-unfit' })
  t.end()
})

t.test('accepts a link to a folder, and names a dangling link with its target', t => {
  const root = newFolder()
  const disk = join(root, 'disk')
  const link = join(root, 'data')
  symlinkSync(disk, link, 'junction')
  for (const path of [link, join(link, 'state'), join(link, 'state', 'workers')]) {
    t.throws(() => makeFolder(path), {
      code: 'environment-unfit',
      message: `${link} is a link to `,
      facts: { path: link },
    })
  }
  t.type(danglingTarget(link), 'string')
  t.notOk(existsSync(disk), 'the target is not created')

  mkdirSync(disk)
  makeFolder(join(link, 'state'))
  t.ok(existsSync(join(disk, 'state')))
  t.equal(danglingTarget(link), undefined)
  t.equal(danglingTarget(join(root, 'missing')), undefined)
  t.end()
})

t.test('passes on the error of the system for a file in place of a folder', t => {
  const root = newFolder()
  const file = join(root, 'logs')
  writeFileSync(file, '')
  for (const path of [file, join(file, 'today'), join(file, 'today', 'console')])
    t.throws(() => makeFolder(path), { code: /^(?:EEXIST|ENOTDIR)$/ }, path)
  t.end()
})

t.test('refuses a place where no folder can be created, without endless retries', t => {
  if (process.platform !== 'linux') t.pass('a folder of the kernel', { skip: 'only Linux has /proc' })
  else {
    for (const path of ['/proc/automate-tui', '/proc/automate-tui/data'])
      t.throws(() => makeFolder(path), {
        code: 'environment-unfit',
        message: 'No folder can be created in /proc.',
      })
  }
  t.end()
})
