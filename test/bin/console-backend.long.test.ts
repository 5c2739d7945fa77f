import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import t from 'tap'
import { effectiveSettings } from '../../lib/app/project/project-settings.ts'
import { languageOf, messageLanguageOf, openProject } from '../../lib/app/project/project.ts'
import { ConsoleBackend } from '../../bin/console-backend.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import { crash } from '../helpers/builders/crash.ts'
import { enqueue, runningJob } from '../helpers/store/job-store.ts'
import { newProject, openTestStore } from '../helpers/store/project.ts'
import { until } from '../helpers/until.ts'

/** Checks between two writes, because a file that is written more often is never at rest. */
const LOOKS_A_WRITE = 100

/** Opens a console with a scheduler that cannot start, because its browser does not exist. */
async function consoleInTrouble() {
  const paths = newProject()
  writeFileSync(join(paths.root, 'automate.config.ts'), 'export default {}\n')
  const port = new ConsoleBackend(await openProject({ root: paths.root, browser: '/no/such/browser' }))
  let seen: Snapshot | null = null
  port.subscribe(snapshot => (seen = snapshot))
  await port.open()
  const inTrouble = () => until('the trouble', () => seen?.problem?.includes('/no/such/browser'))
  await inTrouble()
  return { paths, port, inTrouble, seen: () => seen }
}

t.test('two requests to take over take over once', async t => {
  const { paths, port, inTrouble, seen } = await consoleInTrouble()
  t.teardown(() => port.close())
  const asked = [port.perform({ type: 'take-over' }), port.perform({ type: 'take-over' })]
  t.same(await Promise.all(asked), [{ ok: true }, { ok: true }])
  await inTrouble()
  await until('the store', () => seen()?.connection === 'scheduling')
  t.same(await port.perform({ type: 'quit', mode: 'drain' }), { ok: true })
  t.notOk(existsSync(paths.owner), 'no owner record remains')
})

t.test('a failed takeover can be requested again, and the console can quit', async t => {
  const { paths, port, inTrouble } = await consoleInTrouble()
  t.teardown(() => port.close())
  renameSync(paths.database, `${paths.database}.away`)
  mkdirSync(paths.database)
  t.match(await port.perform({ type: 'take-over' }), { ok: false, message: /EISDIR|EACCES|EPERM/ })
  t.same(await port.perform({ type: 'quit', mode: 'now' }), { ok: true })

  rmSync(paths.database, { recursive: true })
  t.same(await port.perform({ type: 'take-over' }), { ok: true })
  await inTrouble()
  const left = [port.perform({ type: 'take-over' }), port.perform({ type: 'quit', mode: 'now' })]
  t.same(await Promise.all(left), [{ ok: true }, { ok: true }], 'the console can quit also during a takeover')
  t.notOk(existsSync(paths.owner), 'no owner record remains')
})

t.test('a secret named while the console is open is in no bundle and on no screen', async t => {
  const value = 'the-code-of-the-shop'
  const paths = newProject()
  const configure = (config: object) =>
    writeFileSync(join(paths.root, 'automate.config.ts'), `export default ${JSON.stringify(config)}\n`)
  configure({})
  writeFileSync(join(paths.root, '.env'), `SHOP_CODE=${value}\n`)
  const store = await openTestStore(t, paths, 'scheduler')
  const jobId = await runningJob(store, { input: { note: value } })
  const document = crash({ jobId, lastLines: [`typed ${value}`] })
  await store.call('crashes.record', { file: 'one.json', document })

  const port = new ConsoleBackend(await openProject({ root: paths.root }), { watchOnly: true })
  await port.open()
  t.teardown(() => port.close())
  const shown = async () => JSON.stringify(await port.lookUp({ type: 'job', id: jobId })).includes(value)
  t.ok(await shown())
  let looks = 0
  await until('the job without it', async () => {
    // The watch does not report its start, and ignores writes before it. So the file is written
    // repeatedly.
    if (looks % LOOKS_A_WRITE === 0) configure({ secrets: ['SHOP_CODE'] })
    looks += 1
    return !(await shown())
  })
  const written = await port.perform({ type: 'crash.bundle', id: 1 })
  const path = written.ok ? written.path : written.message
  const files = unzipSync(readFileSync(join(paths.root, path ?? 'nowhere')))
  t.notMatch(
    Object.values(files)
      .map(file => strFromU8(file))
      .join(),
    value,
  )
  t.match(strFromU8(files['crash.json'] ?? new Uint8Array()), 'typed ***')
})

t.test('reports that not all dead jobs were queued again', async t => {
  const paths = newProject()
  writeFileSync(join(paths.root, 'automate.config.ts'), "export default { language: 'en' }\n")
  const store = await openTestStore(t, paths, 'scheduler')
  for (const uniqueKey of ['a', 'b']) {
    const id = await runningJob(store, { uniqueKey })
    await store.call('jobs.finish', { id, attempt: 1, state: 'failed' })
  }
  await enqueue(store, { uniqueKey: 'b' })
  const port = new ConsoleBackend(await openProject({ root: paths.root }), { watchOnly: true })
  await port.open()
  t.teardown(() => port.close())
  t.same(await port.perform({ type: 'jobs.retry-dead' }), {
    ok: false,
    message: '1 failed or parked job is queued again. Not queued again: 2. Another job has the key now.',
  })
})

t.test('a scheduler that starts paused knows the workflows, so that jobs can be queued', async t => {
  const paths = newProject()
  writeFileSync(
    join(paths.root, 'automate.config.ts'),
    "export default { services: { scheduler: 'stopped' }, notify: { bell: false } }\n",
  )
  mkdirSync(join(paths.root, 'workflows'))
  copyFileSync(
    join(import.meta.dirname, '../fixtures/workflows/looks-and-leaves.ts'),
    join(paths.root, 'workflows/looks-and-leaves.ts'),
  )
  const port = new ConsoleBackend(await openProject({ root: paths.root, browser: process.execPath }))
  t.teardown(() => port.close())
  let seen: Snapshot | null = null
  port.subscribe(snapshot => (seen = snapshot))
  await port.open()
  const names = await until('the workflows of a paused scheduler', () => {
    const scheduler = seen?.scheduler
    const known = scheduler?.phase === 'paused' ? scheduler.workflows.map(({ name }) => name) : []
    return known.length > 0 ? known : undefined
  })
  t.same(names, ['looks-and-leaves'])
  t.same(await port.perform({ type: 'quit', mode: 'drain' }), { ok: true })
})

t.test('the language chosen in a console persists, and a flag of the program overrides it', async t => {
  const paths = newProject()
  const root = paths.root
  writeFileSync(join(root, 'automate.config.ts'), "export default { language: 'en' }\n")
  await openTestStore(t, paths, 'scheduler')
  const port = new ConsoleBackend(await openProject({ root }), { watchOnly: true })
  await port.open()
  t.teardown(() => port.close())
  t.same(await port.perform({ type: 'language.choose', language: 'it' }), { ok: true })

  const later = await openProject({ root })
  t.equal(languageOf(later), 'it')
  t.equal(messageLanguageOf(later), 'en', 'messages keep their language, because other people read them')
  const language = effectiveSettings(later).find(({ setting }) => setting === 'language')
  t.match(language, { value: 'it', source: 'operator' })
  t.equal(languageOf(await openProject({ root, language: 'en' })), 'en', 'the flag overrides the choice')

  writeFileSync(paths.operatorSettings, '{')
  t.equal(languageOf(await openProject({ root })), 'en', 'a damaged file is ignored')
})
