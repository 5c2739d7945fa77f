import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import t from 'tap'
import { z } from 'zod'
import { CrashSummary } from '../../../lib/model/failure/crash.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

const keys = newFolder()
process.env['XDG_DATA_HOME'] = keys
process.env['LOCALAPPDATA'] = keys

const DEFAULT = 'canary-default'
const ANSWER = { pin: '4711', code: 'canary-typed', number: '98765432' }
const SECRETS = [DEFAULT, ...Object.values(ANSWER)]

/**
 * Returns a workflow that prints secrets of its worker on the console of its page, and ends as its
 * input requires.
 */
const workflow = (isolation: string) => `import { HardFailError, defineWorkflow, z } from 'automate-tui'
export default defineWorkflow({
  name: 'prints-${isolation}',
  input: z.object({
    end: z.string(),
    word: z.string().default('${DEFAULT}').meta({ format: 'password' }),
  }),
  result: z.object({}),
  isolation: '${isolation}',
  retries: 0,
}).phase('ask', { timeout: '20s' }, async ({ page, human, input }) => {
  const fields = z.object({
    pin: z.string().meta({ format: 'password' }),
    code: z.string(),
    number: z.coerce.number(),
  })
  const said = new Promise(resolve => page.once('console', resolve))
  const answer = await human('The codes', { fields })
  await page.evaluate(text => console.log(text), 'GOT ' + JSON.stringify({ ...answer, word: input.word }))
  await said
  if (input.end === 'killed') process.kill(process.pid, 'SIGKILL')
  throw new HardFailError('The codes were refused.')
})
`

const project = new JourneyProject(t, newFolder(), {
  workflows: [],
  files: {
    'workflows/process.js': workflow('process'),
    'workflows/context.js': workflow('context'),
  },
})

/** Runs a failing job that a person answers, and returns the number of its crash. */
async function failed(isolation: string, end: string): Promise<number> {
  const before = await project.ask(z.array(CrashSummary), 'crashes')
  const job = await project.enqueue(`prints-${isolation}`, { end })
  await until('a wait for a person', () =>
    project.workers().some(one => one.job?.jobId === job && one.waiting !== undefined),
  )
  const input = Object.entries(ANSWER)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
  t.match(await project.run(['takeover', 'answer', String(job)], { input }), { code: 0 })
  const crash = await until('the crash', async () => {
    const crashes = await project.ask(z.array(CrashSummary), 'crashes')
    return crashes.find(({ id }) => before.every(one => one.id !== id))
  })
  return crash.id
}

/** Returns the log of Chrome in the bundle of a crash. */
async function chromeLogIn(crash: number): Promise<string> {
  const file = join(newFolder(), 'bundle.zip')
  t.match(await project.run(['crashes', String(crash), '--bundle', file]), { code: 0 })
  const files = Object.entries(unzipSync(readFileSync(file)))
  for (const [name, content] of files) t.strictSame(secretsIn(strFromU8(content)), [], name)
  return strFromU8(files.find(([name]) => name.startsWith('chrome/'))?.[1] ?? new Uint8Array())
}

const secretsIn = (text: string): string[] => SECRETS.filter(secret => text.includes(secret))

const chromeLogs = (): string =>
  globSync('logs/*/chrome/*.log', { cwd: project.root })
    .map(name => readFileSync(join(project.root, name), 'utf8'))
    .join('\n')

t.test('a Chrome log holds no secret known only to its worker, or is not bundled', async t => {
  const scheduler = await project.schedule()

  const ended = await failed('process', 'fails')
  t.match(await chromeLogIn(ended), /GOT .*"pin":"\*\*\*"/, 'the worker has redacted its log')
  t.strictSame(secretsIn(chromeLogs()), [], 'the logs hold no secret either')

  const running = await failed('context', 'fails')
  t.match(await chromeLogIn(running), /^This log is omitted, because its worker still runs/)

  const killed = await failed('process', 'killed')
  t.match(await chromeLogIn(killed), /^This log is omitted, because .*ended before it could/)

  scheduler.signal('SIGTERM')
  await scheduler.ended
  t.match(await chromeLogIn(running), /GOT .*"pin":"\*\*\*"/, 'the worker has ended')
  t.match(await chromeLogIn(killed), /^This log is omitted, because /)
})
