import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { main } from '../../bin/main.ts'
import { systemClock } from '../../lib/core/time/clock.ts'
import { ProjectPaths } from '../../lib/core/process/paths.ts'
import { openStore } from '../../lib/store/open-store.ts'
import type { Store } from '../../lib/store/store.ts'
import { writeJsonSync } from '../../lib/files/documents/atomic-json.ts'
import { crash } from '../helpers/builders/crash.ts'
import { LIVE, RECORD } from '../helpers/builders/samples.ts'
import { schedule } from '../helpers/builders/schedule.ts'

/**
 * Characters that no command may print, because a terminal obeys them or turns the direction of the
 * text.
 */
export const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

/**
 * All commands that show text from outside, in every format. Job `1` succeeded. Job `2` failed, and
 * its report is crash 1.
 */
const COMMANDS: readonly string[] = [
  ...[
    'jobs',
    'jobs 1',
    'jobs 2',
    'crashes',
    'crashes 1',
    'report 2',
    'status',
    'services',
    'logs',
    'schedules',
  ],
  ...['takeover', 'enqueue broken', 'doctor'],
  ...['jobs', 'crashes', 'members'].map(table => `db rows ${table}`),
]
const FORMATS: readonly (readonly string[])[] = [[], ['--json']]
const MORE: readonly string[] = [
  ...['jobs', 'crashes', 'schedules'].map(table => `db rows ${table} --csv`),
  ...['complete enqueue', 'jobs 2 --language it', 'crashes 1 --language it', 'crashes 1 --bundle'],
]

/** Writes a project in which all text from outside is hostile. */
export async function hostileProject(root: string, text: () => string): Promise<void> {
  const paths = new ProjectPaths(root)
  mkdirSync(join(root, 'workflows'))
  const input = `z.object({ text: z.string().describe(${JSON.stringify(text())}) })`
  writeFileSync(
    join(root, 'workflows', 'hostile.ts'),
    `import { defineWorkflow, z } from 'automate-tui'
export default defineWorkflow({ name: 'hostile', summary: ${JSON.stringify(text())}, input: ${input}, result: z.string() })
  .phase('only', { timeout: '5s' }, ({ page }) => page.title())\n`,
  )
  writeFileSync(join(root, 'workflows', 'broken.ts'), `throw new Error(${JSON.stringify(text())})\n`)
  const store = await openStore({ paths, role: 'scheduler', clock: systemClock, waitMs: 10_000 })
  try {
    await fill(store, paths, text)
  } finally {
    await store.close()
  }
}

async function fill(store: Store, paths: ProjectPaths, text: () => string): Promise<void> {
  const now = systemClock.now()
  const error = () => ({
    name: text(),
    code: 'unexpected' as const,
    message: text(),
    stack: `${text()}\n    at ${text()}`,
    facts: { [text()]: text() },
  })
  const job = async (uniqueKey: string) => {
    const request = { workflow: 'hostile', input: { text: text() }, workers: 1, retries: 0, uniqueKey }
    const { id } = await store.call('jobs.enqueue', { ...request, origin: 'cli' })
    await store.call('jobs.claim', { id })
    return id
  }
  const done = await job('done')
  await store.call('jobs.finish', {
    id: done,
    attempt: 1,
    state: 'succeeded',
    result: { [text()]: [text()] },
  })
  const failed = await job('failed')
  const phase = { ...LIVE, step: text() }
  const position = { index: 1, count: 1, name: 'only', step: text() }
  const history = [{ ...RECORD, step: text(), error: { ...error(), code: 'element' as const } }]
  const part = { workerId: 'w1', jobId: failed, attempt: 1, member: 1, members: 1 }
  await store.call('crashes.record', {
    file: `job_${failed}_1.json`,
    document: {
      ...crash({ ...part, workflow: 'hostile', error: { ...error(), cause: error() }, phase: position }),
      ...{ url: text(), lastLines: [text(), text()], artefacts: [{ kind: 'workers', path: text() }] },
    },
  })
  await store.call('members.record', {
    ...part,
    ...{ endedAt: now, outcome: { status: 'failed', error: error(), phase: position }, history },
  })
  await store.call('jobs.finish', { id: failed, attempt: 1, state: 'failed', error: error() })
  const { name, workflow, ...said } = schedule({ every: '15m' })
  await store.call('schedules.put', {
    schedule: { ...said, name, workflow, input: { [text()]: text() } },
  })
  writeFileSync(
    join(paths.logs('workers', new Date(now)), 'hostile.log'),
    `${JSON.stringify({ at: now, level: 'warn', source: text(), message: text() })}\n`,
  )
  writeJsonSync(join(paths.workerStates, 'w1.json'), {
    ...{
      kind: 'worker',
      version: 2,
      workerId: 'w1',
      jobs: 1,
      state: 'busy',
      pid: process.pid,
      processes: [],
    },
    job: { ...part, workflow: 'hostile', start: 'cold' },
    ...{ startedAt: now, updatedAt: now, phase, history, browser: null, url: text(), memoryBytes: 1 },
    waiting: { id: 1, for: 'person', what: text(), since: now, deadlineAt: now + 600_000 },
    ...{ log: text(), outcome: null },
  })
  writeFileSync(join(paths.serviceStates, 'broken.json'), `{"${text()}`)
}

/** Runs every command in this process, and returns the output of each that a terminal obeys. */
export async function obeyedOutput(root: string): Promise<string[]> {
  const lines = [...COMMANDS.flatMap(command => FORMATS.map(flags => [command, ...flags].join(' '))), ...MORE]
  const problems: string[] = []
  // Each command adds listeners to the streams.
  for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0)
  for (const line of lines) {
    const output = await outputOf([...line.split(' '), '--root', root])
    if (output === '') problems.push(`${line}: printed nothing`)
    const [sign] = OBEYED.exec(output) ?? []
    if (sign === undefined) continue
    const at = output.indexOf(sign)
    problems.push(`${line}: ${JSON.stringify(output.slice(Math.max(0, at - 40), at + 20))}`)
  }
  return problems
}

/** Runs one command in this process, and returns its output on both streams. */
export async function outputOf(args: readonly string[]): Promise<string> {
  let output = ''
  const restores = [process.stdout, process.stderr].map(stream => {
    const write = stream.write.bind(stream)
    stream.write = (piece: string | Uint8Array) => {
      output += typeof piece === 'string' ? piece : Buffer.from(piece).toString()
      return true
    }
    return () => {
      stream.write = write
    }
  })
  try {
    await main(args)
    return output
  } finally {
    for (const restore of restores) restore()
  }
}
