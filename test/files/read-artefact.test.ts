import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readArtefact, readPicture } from '../../lib/files/read-artefact.ts'
import { newFolder } from '../helpers/store/project.ts'

const PNG = Buffer.from('89504e470d0a1a0a00', 'hex')
const JPEG = Buffer.from('ffd8ffe000', 'hex')

function project() {
  const outer = newFolder()
  const root = join(outer, 'project')
  const folder = join(root, 'logs', '23-03-2026', 'screenshots')
  mkdirSync(folder, { recursive: true })
  const put = (path: string, bytes: string | Buffer) => writeFileSync(join(root, path), bytes)
  put('../id_rsa', 'secret')
  put('../shot.png', PNG)
  put('automate.config.ts', 'secret')
  return { outer, root, folder, put, day: 'logs/23-03-2026/screenshots' }
}

t.test('an artefact is a regular file in the folder of logs', t => {
  const { outer, root, folder, put, day } = project()
  put(`${day}/a.log`, 'line')
  t.strictSame(readArtefact(root, `${day}/a.log`)?.toString(), 'line')
  t.equal(readArtefact(root, `${day}/a.log`, { limit: 3 }), undefined, 'the file is too large')
  symlinkSync(outer, join(folder, 'linked'), 'junction')
  for (const path of [
    ...['../id_rsa', 'automate.config.ts', `${day}/../../../../id_rsa`, join(outer, 'id_rsa')],
    ...[`${day}/linked/id_rsa`, day, 'logs', `${day}/gone.log`, 'logs-of-another/a.log', 'logs/\0', ''],
  ])
    t.equal(readArtefact(root, path), undefined, path)
  t.end()
})

t.test('recognizes a picture by its first bytes', t => {
  const { root, put, day } = project()
  put(`${day}/a.png`, PNG)
  put(`${day}/a.jpg`, JPEG)
  put(`${day}/text.png`, 'secret')
  put(`${day}/empty.png`, '')
  t.strictSame(readPicture(root, `${day}/a.png`), PNG)
  t.strictSame(readPicture(root, `${day}/a.jpg`), JPEG)
  for (const path of [`${day}/text.png`, `${day}/empty.png`, '../shot.png'])
    t.equal(readPicture(root, path), undefined, path)
  t.end()
})
