import { chownSync, lchownSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findForeignLink, refuseForeignLink } from '../../../lib/core/disk/foreign-link.ts'
import { newFolder } from '../../helpers/store/project.ts'

const ANOTHER_USER = 4711
const needsRoot = { skip: process.geteuid?.() !== 0 && 'only root can make links of another user' }

function places() {
  const root = newFolder()
  const [mine, theirs, link] = ['mine', 'theirs', 'link'].map(name => join(root, name))
  for (const folder of [mine, theirs]) mkdirSync(folder ?? '')
  return { root, mine: mine ?? '', theirs: theirs ?? '', link: link ?? '' }
}

t.test('follows every link of the current user', async t => {
  const { root, mine, link } = places()
  symlinkSync(mine, link)
  t.equal(findForeignLink(join(link, 'file')), undefined)
  symlinkSync('/nowhere', join(root, 'dangling'))
  t.equal(findForeignLink(join(root, 'dangling', 'file')), undefined)
  t.equal(findForeignLink(join(root, 'nothing', 'file')), undefined)
})

t.test('follows a link of another user only to folders of that user', needsRoot, async t => {
  const { root, mine, theirs, link } = places()
  chownSync(theirs, ANOTHER_USER, ANOTHER_USER)
  const plant = (target: string, path: string) => {
    symlinkSync(target, path)
    lchownSync(path, ANOTHER_USER, ANOTHER_USER)
    return { path, uid: ANOTHER_USER }
  }
  plant(theirs, link)
  t.equal(findForeignLink(join(link, 'file')), undefined)

  const planted = plant(mine, join(theirs, 'profiles'))
  t.same(findForeignLink(join(theirs, 'profiles')), planted, 'the link itself is reported')
  t.same(findForeignLink(join(theirs, 'profiles', 'folder', 'file')), planted)
  t.throws(() => refuseForeignLink(planted.path), {
    code: 'environment-unfit',
    message: /theirs.profiles is a link that uid 4711 created.*nothing behind it is removed/,
  })
  symlinkSync(planted.path, join(root, 'way'))
  t.same(findForeignLink(join(root, 'way', 'file')), planted, 'reached through a link of the current user')
  const dangling = plant('/nowhere', join(theirs, 'dangling'))
  t.same(findForeignLink(join(theirs, 'dangling', 'file')), dangling)
})
