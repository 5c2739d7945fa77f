import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import t from 'tap'
import { z } from 'zod'
import { CrashSummary } from '../../../lib/model/failure/crash.ts'
import { jobEnded } from '../../../lib/model/job/job.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder, openTestStore } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

/** Secrets that each encoding changes, present only in `.env`. */
const KNOWN = {
  SHOP_PASSWORD: 'kanarien/vögel+"4711"&x',
  SHOP_PIN: '77341199',
  SITE_WORD: 'canary-of-the-site',
  HOOK_TOKEN: 'canary-of-the-hook',
}

/** Secrets of a job, allowed only in its input and its result. */
const OF_INPUT = { password: 'canary-typed-unseen', apiToken: 'canary-under-its-name' }

/** Secret that only the schema marks. */
const OF_SCHEMA = 'canary-by/schema&alone'

/** Secret in the input of a schedule of the configuration. */
const OF_SCHEDULE = 'canary-of/the&schedule'

const DEATHS = [
  'throws',
  'exits',
  'killed',
  'memory',
  'rejects',
  'blocks',
  'times-out',
  'fails-hard',
  'refuses-a-code',
  'succeeds',
  'waits',
]

const CONFIG = `export default {
  workers: 2,
  warmWorkers: 0,
  browserArgs: [],
  workflows: [${JSON.stringify(new URL('../../fixtures/journeys', import.meta.url).pathname)}],
  secrets: ['SHOP_PIN'],
  credentials: [{ origin: 'http://127.0.0.1:9', username: 'ann', passwordEnv: 'SITE_WORD' }],
  schedules: [
    {
      name: 'yearly',
      workflow: 'knows-secrets',
      cron: '0 0 1 1 *',
      input: ${JSON.stringify({ death: 'waits', ...OF_INPUT, shops: [{ word: OF_SCHEDULE }] })},
    },
  ],
  notify: { webhook: { url: 'http://127.0.0.1:9/', headersEnv: { authorization: 'HOOK_TOKEN' } } },
}
`

const input = (death: string) => ({ death, ...OF_INPUT, shops: JSON.stringify([{ word: OF_SCHEMA }]) })

const files = {
  '.env': Object.entries(KNOWN)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join(''),
  'automate.config.ts': CONFIG,
}

t.test('no secret is in a file, line or message, however its worker died', async t => {
  const project = new JourneyProject(t, newFolder(), { files })
  // The worker of this test is to run out of memory soon.
  const scheduler = project.start(['--no-tui'], { env: { NODE_OPTIONS: '--max-old-space-size=256' } })
  // If this process opened a store before, that store would be the owner and the scheduler would
  // wait for its end.
  await until('a scheduler that owns the store', () => existsSync(project.paths.schedulerState))
  const [first = '', ...others] = DEATHS
  const jobs = [await project.enqueue('knows-secrets', input(first))]
  const store = await openTestStore(t, project.paths, 'transient')
  for (const death of others) {
    const shops = [{ word: OF_SCHEMA }]
    const request = { workflow: 'knows-secrets', workers: 1, retries: 0, origin: 'test' }
    jobs.push((await store.call('jobs.enqueue', { ...request, input: { ...input(death), shops } })).id)
  }
  const cancelled = jobs.at(-1) ?? 0
  await until('the last job to wait', () =>
    project.workers().some(({ job, phase }) => job?.jobId === cancelled && phase?.name === 'end'),
  )
  await project.run(['cancel', String(cancelled)])
  await until('all jobs to end', async () => {
    const list = await Promise.all(jobs.map(id => store.call('jobs.read', { id })))
    return list.every(job => job !== null && jobEnded(job.state))
  })
  const crashes = await project.ask(z.array(CrashSummary), 'crashes')
  t.equal(crashes.length, DEATHS.length - 2, 'each failed job has its crash report')

  const printed: [string, string][] = []
  const ask = async (...args: readonly string[]) => {
    const { stdout, stderr } = await project.run(args)
    printed.push([args.join(' '), stdout + stderr])
  }
  for (const { id } of crashes) {
    await ask('crashes', String(id))
    await ask('crashes', String(id), '--json')
    await ask('crashes', String(id), '--bundle')
  }
  for (const id of jobs) {
    await ask('jobs', String(id))
    await ask('jobs', String(id), '--json')
    await ask('report', String(id))
    await ask('report', String(id), '--json')
  }
  for (const command of ['jobs', 'crashes', 'status', 'workers', 'workflows', 'config'])
    await ask(command, '--json')
  await ask('logs')
  scheduler.signal('SIGTERM')
  const { stdout, stderr } = await scheduler.ended
  printed.push(['the scheduler', (stdout + stderr).replaceAll(/^.* result: .*$/gm, '')])

  const texts = [
    ...printed.map(([name, text]) => [name, Buffer.from(text)] as const),
    ...filesOf(project.root),
  ]
  t.ok(
    texts.some(([name]) => name.includes('.zip/trace')),
    'the traces were searched',
  )
  t.ok(
    texts.some(
      ([name, bytes]) => name === 'status --json' && Buffer.from(bytes).includes('Signs in with ***'),
    ),
    'the description of the workflow was searched',
  )
  t.strictSame(placesOf(texts, Object.values(KNOWN)), [])
  // A command that prints a job prints its input and its result.
  const beside = texts.filter(
    ([name]) => !/automate\.(?:db|config\.ts)|^jobs (?:--json|\d+(?: --json)?)$/.test(name),
  )
  t.strictSame(placesOf(beside, [...Object.values(OF_INPUT), OF_SCHEMA, OF_SCHEDULE]), [])
})

t.test('a run in the foreground writes no secret, and no file that other users can read', async t => {
  const project = new JourneyProject(t, newFolder(), { files })
  const fields = Object.entries(input('fails-hard')).flatMap(([key, value]) => ['--input', `${key}=${value}`])
  const { code } = await project.run(['worker', 'knows-secrets', '--trace', ...fields])
  t.equal(code, 1)
  const written = filesOf(project.root).filter(([name]) => name !== 'automate.config.ts')
  const names = written.map(([name]) => name)
  t.ok(
    names.some(name => /chrome.foreground_/.test(name)),
    'the log of Chrome was searched',
  )
  t.strictSame(placesOf(written, [...Object.values(KNOWN), ...Object.values(OF_INPUT), OF_SCHEMA]), [])
  const picture = names.find(name => name.endsWith('.png')) ?? ''
  if (process.platform !== 'win32') t.equal(statSync(join(project.root, picture)).mode & 0o077, 0)
})

/** Returns the places of the secrets, in any form. */
function placesOf(texts: readonly (readonly [string, Uint8Array])[], secrets: readonly string[]): string[] {
  return texts.flatMap(([name, content]) => {
    const bytes = Buffer.from(content)
    return secrets.flatMap(secret => {
      const forms = [
        ...[secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)],
        JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
        JSON.stringify(secret).slice(1, -1).replaceAll('&', '\\u0026'),
        secret.replaceAll('&', '&#38;').replaceAll('"', '&#x22;'),
        Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      ]
      const form = forms.find(one => bytes.includes(one))
      if (form === undefined) return []
      const at = bytes.indexOf(form)
      return [`${name}: …${bytes.toString('utf8', Math.max(0, at - 60), at + form.length + 20)}…`]
    })
  })
}

/** Returns every file of a project except `.env`, and the entries of its archives, by name. */
function filesOf(root: string): [string, Uint8Array][] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).flatMap((name): [string, Uint8Array][] => {
    const path = join(root, name)
    if (name === '.env' || statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return []
    const content = readFileSync(path)
    if (!name.endsWith('.zip')) return [[name, content]]
    return Object.entries(unzipSync(content)).map(([entry, inside]) => [`${name}/${entry}`, inside])
  })
}
