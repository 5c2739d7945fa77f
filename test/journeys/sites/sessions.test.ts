import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { z } from 'zod'
import { startDemoSite } from '../../../lib/demo/site/demo-site.ts'
import { SessionSummary } from '../../../lib/store/operations/logins/sessions.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder, openTestStore } from '../../helpers/store/project.ts'

const PASSWORD = 'barolo-1961'
const LOGIN = 'POST /account/login'

const keys = newFolder()
process.env['XDG_DATA_HOME'] = keys
process.env['LOCALAPPDATA'] = keys
process.env['STREET_PASSWORD'] = PASSWORD
const site = await startDemoSite({ pace: 0, customers: { anna: PASSWORD, bruno: PASSWORD } })
t.teardown(() => site.close())
const project = new JourneyProject(t, newFolder(), { workflows: ['signs-in'], workers: 2 })
const marks = join(project.root, 'marks')
mkdirSync(marks)
const scheduler = await project.schedule()
const store = await openTestStore(t, project.paths, 'transient')

function ended(job: number): Promise<unknown> {
  return scheduler.event(
    `the end of job ${job}`,
    line => line.event === 'job' && line['job'] === job && /succeeded|failed/.test(String(line['state'])),
  )
}

async function enqueue(user: string, gate = '', folder = marks): Promise<number> {
  const input = { site: site.url, user, marks: folder, gate }
  const request = { workflow: 'signs-in', input, workers: 1, retries: 0, origin: 'test' }
  return (await store.call('jobs.enqueue', request)).id
}

async function succeeds(t: Test, job: number): Promise<void> {
  t.match(await ended(job), { state: 'succeeded' }, `job ${job} succeeds`)
}

/** Returns a function that counts the logins from now on. */
function newLogins(): () => number {
  const total = () => site.stats().paths[LOGIN] ?? 0
  const before = total()
  return () => total() - before
}

t.test('an account logs in once, and only its user can read the saved login', async t => {
  const logins = newLogins()
  await succeeds(t, await enqueue('anna'))
  t.equal(logins(), 1)
  t.ok(
    scheduler
      .events()
      .some(({ event, phase }) => event === 'phase.ended' && phase === '1/3 login: page Sign in'),
    'the login is a phase of its own',
  )
  await succeeds(t, await enqueue('anna'))
  t.equal(logins(), 1, 'the second job used the saved login')
  t.match(await project.ask(z.array(SessionSummary), 'sessions'), [
    { site: 'street', account: 'anna', holder: null },
  ])

  const key = join(keys, 'automate-tui', 'sessions.key')
  if (process.platform !== 'win32') t.equal(statSync(key).mode & 0o777, 0o600)
  const files = readdirSync(project.root, { recursive: true, withFileTypes: true }).filter(one =>
    one.isFile(),
  )
  const telling = files.filter(({ parentPath, name }) => {
    const bytes = readFileSync(join(parentPath, name))
    return bytes.includes('street-session') || bytes.includes(PASSWORD)
  })
  t.same(
    telling.map(({ name }) => name),
    [],
    'no file of the project holds the cookie or the password',
  )

  const forgotten = await project.run(['sessions', 'forget', 'anna'])
  t.match(forgotten, { code: 0, stdout: 'The saved login of street/anna was removed.\n' })
  await succeeds(t, await enqueue('anna'))
  t.equal(logins(), 2)

  writeFileSync(key, Buffer.alloc(32, 7))
  await succeeds(t, await enqueue('anna'))
  t.equal(logins(), 3, 'a login that the key does not open is quarantined')
  t.match(await project.run(['logs']), { stdout: /the saved login is not used: .* cannot be opened/ })

  t.comment('the key cannot be used for a moment')
  const own = readFileSync(key)
  writeFileSync(key, '')
  t.match(await ended(await enqueue('anna')), { state: 'failed', message: /is not a key of automate-tui/ })
  writeFileSync(key, own)
  await succeeds(t, await enqueue('anna'))
  t.equal(logins(), 3, 'an unusable key costs no login at the site and not the saved one')
})

t.test('logs in again once after a login expired during a job', async t => {
  const logins = newLogins()
  const gate = join(project.root, 'gate')
  const job = await enqueue('anna', gate)
  await project.atStep(job, 'gate')
  site.endSessions()
  writeFileSync(gate, '')
  await succeeds(t, job)
  t.equal(logins(), 1)
  t.match(await ended(job), { attempt: 2 }, 'the first attempt found the login expired')

  const other = join(project.root, 'other')
  const fresh = await enqueue('bruno', other)
  await project.atStep(fresh, 'gate')
  site.endSessions()
  writeFileSync(other, '')
  t.match(await ended(fresh), { state: 'failed', attempt: 1 }, 'a fresh login that expires is a failure')
})

t.test('one worker at a time uses an account, and a waiting job leaves its slot to others', async t => {
  for (const account of ['anna', 'bruno']) await store.call('sessions.forget', { account })
  const logins = newLogins()
  const gates = ['anna', 'bruno'].map(user => join(project.root, `gate-${user}`))
  const first = await enqueue('anna', gates[0])
  await project.atStep(first, 'gate')
  const waits = await enqueue('anna')
  const second = await enqueue('bruno', gates[1])
  await project.atStep(second, 'gate')
  t.ok(existsSync(join(marks, 'anna.busy')) && existsSync(join(marks, 'bruno.busy')))
  t.match(await project.run(['jobs']), {
    stdout: new RegExp(`waits for account street/anna, which job ${first} uses`),
  })
  t.match(
    await scheduler.event(
      'its return to the queue',
      line => line['job'] === waits && line['state'] === 'interrupted',
    ),
    { attempt: 1 },
  )
  gates.forEach(gate => writeFileSync(gate, ''))
  for (const job of [first, second, waits]) await succeeds(t, job)
  t.match(await ended(waits), { attempt: 2 }, 'the waiting job was not claimed again before its turn')

  const four = await Promise.all(Array.from({ length: 4 }, () => enqueue('anna')))
  for (const job of four) await succeeds(t, job)
  t.equal(logins(), 2)
})

t.test('the account of a killed worker is free at once', async t => {
  const held = await enqueue('anna', join(project.root, 'held-gate'))
  const { pid } = await project.atStep(held, 'gate')
  const sessions = await store.call('sessions.list', {})
  t.match(
    sessions.find(({ account }) => account === 'anna'),
    { jobId: held },
  )
  const next = await enqueue('anna', '', project.root)
  await scheduler.event('its wait', line => line['job'] === next && line['state'] === 'interrupted')
  process.kill(pid, 'SIGKILL')
  await succeeds(t, next)
  scheduler.signal('SIGTERM')
  t.equal(
    (await scheduler.ended).code,
    process.platform === 'win32' ? null : 1,
    'the exit code reports a failed job',
  )
  const another = await project.schedule()
  another.signal('SIGTERM')
  t.equal((await another.ended).code, process.platform === 'win32' ? null : 0, 'none of its jobs failed')
})
