import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { writeOutput } from '../../lib/files/write-output.ts'
import { outputOf } from '../fault/hostile-commands.ts'
import { crash } from '../helpers/builders/crash.ts'
import { runningJob } from '../helpers/store/job-store.ts'
import { newFolder, newProject, openTestStore } from '../helpers/store/project.ts'

const PNG = Buffer.from('89504e470d0a1a0a00', 'hex')

/** Makes a project with a failed job, in which crash 1 names `path` as its picture. */
async function failedProject(t: Test, path: string) {
  const paths = newProject()
  writeFileSync(join(paths.root, 'automate.config.ts'), 'export default {}\n')
  const store = await openTestStore(t, paths, 'scheduler')
  const job = await runningJob(store)
  await store.call('crashes.record', {
    file: 'one',
    document: crash({ jobId: job, artefacts: [{ kind: 'screenshots', path }] }),
  })
  await store.close()
  const run = (...args: readonly string[]) => outputOf([...args, '--root', paths.root])
  return { root: paths.root, report: ['report', String(job)], run }
}

t.test('a report embeds the picture of a failure, and no other file that a crash names', async t => {
  const folder = 'logs/23-03-2026/screenshots'
  const secret = join(newFolder(), 'id_rsa')
  writeFileSync(secret, 'secret')
  for (const path of [
    `${folder}/a.png`,
    'automate.config.ts',
    `../${secret.split(/[\\/]/).slice(-2).join('/')}`,
  ]) {
    const { root, report, run } = await failedProject(t, path)
    mkdirSync(join(root, folder), { recursive: true })
    writeFileSync(join(root, folder, 'a.png'), PNG)
    const file = join(root, 'page.html')
    await run(...report, '--output', file)
    const embedded = /src="data:image\/png;base64,([^"]*)"/.exec(readFileSync(file, 'utf8'))?.[1]
    t.equal(embedded, path.endsWith('.png') ? PNG.toString('base64') : undefined, path)
  }
})

t.test('a report and a bundle overwrite no file that a person names', async t => {
  const { root, report, run } = await failedProject(t, 'gone.png')
  const file = join(root, 'mine.txt')
  writeFileSync(file, 'mine')
  for (const args of [
    [...report, '--output', file],
    ['crashes', '1', '--bundle', file],
  ])
    t.match(await run(...args), /mine\.txt already exists\. Name a file that does not exist\./)
  t.equal(readFileSync(file, 'utf8'), 'mine')
  t.match(await run('crashes', '1', '--bundle'), /crash_1\.zip/)
  t.match(await run('crashes', '1', '--bundle'), /crash_1\.zip/, "the program's own file is replaced")
})

t.test('an output file is private, and replaces an earlier one atomically', t => {
  const folder = newFolder()
  const file = join(folder, 'report.html')
  writeFileSync(file, 'earlier and longer')
  chmodSync(file, 0o644)
  writeOutput(file, { data: 'page', option: '--output', named: false })
  t.equal(readFileSync(file, 'utf8'), 'page')
  if (process.platform !== 'win32') t.equal(statSync(file).mode & 0o777, 0o600)
  writeOutput(join(folder, 'sub', 'new.html'), { data: 'page', option: '--output', named: true })
  t.throws(() => writeOutput(join(file, 'in-a-file.html'), { data: '', option: '--output', named: true }), {
    code: 'environment-unfit',
    message: /cannot be written.*--output/,
  })
  t.strictSame(readdirSync(folder).toSorted(), ['report.html', 'sub'])
  t.end()
})
