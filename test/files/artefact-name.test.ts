import { join } from 'node:path'
import t from 'tap'
import { artefactName, artefactPath, requirePlainName } from '../../lib/files/artefact-name.ts'

const parts = { jobId: 12, attempt: 1, member: 2, workerId: 'w0k3', extension: 'png' }

t.test('a name says where the artefact comes from', async t => {
  t.equal(artefactName(parts), 'job-12_try-1_member-2_w0k3.png')
  t.equal(
    artefactName({ ...parts, phase: { index: 4, name: 'add_step' }, label: 'The basket, full' }),
    'job-12_try-1_member-2_w0k3_phase-4-add_step_The-basket-full.png',
  )
})

t.test('a name is short and made of plain characters whatever the parts are', async t => {
  const name = artefactName({
    ...parts,
    workerId: `../..\\${'w'.repeat(300)}`,
    phase: { index: 1, name: 'ö/ü..:' },
    extension: '../html',
  })
  t.ok(name.length <= 120)
  t.match(name, /^[A-Za-z0-9._-]+$/)
  t.notMatch(name, /\.\./)
  t.equal(requirePlainName(name), name)
})

t.test('labels and names that are paths, devices or not names on Windows are refused', async t => {
  const refused = [
    '',
    ' ',
    '.',
    '..',
    '../x',
    'a/b',
    'a\\b',
    '/etc/passwd',
    'C:\\x',
    'c:x',
    'a\u0000b',
    'a?b',
    'x.',
    'x ',
    'nul',
    'COM1.txt',
    'lpt².png',
    'x'.repeat(121),
  ]
  for (const name of refused) {
    t.throws(() => requirePlainName(name), { code: 'workflow-invalid' }, JSON.stringify(name))
    t.throws(() => artefactPath('/project/logs', name), { code: 'workflow-invalid' })
    if (name.length < 100)
      t.throws(() => artefactName({ ...parts, label: name }), { code: 'workflow-invalid' })
  }
})

t.test('a path stands inside its folder', async t => {
  t.equal(artefactPath(t.testdirName, 'job-1.png'), join(t.testdirName, 'job-1.png'))
  t.equal(artefactPath(t.testdirName, '..job'), join(t.testdirName, '..job'))
})
