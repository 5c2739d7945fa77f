import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { entryPath } from '../../lib/core/entry.ts'
import { AutomateError } from '../../lib/core/errors.ts'
import type { ExitCode } from '../exit-code.ts'
import { openProject, wordsOf } from '../project.ts'
import type { Project, ProjectFlags } from '../project.ts'
import type { Session } from '../session.ts'

export interface DemoFlags extends ProjectFlags {
  readonly seed: string
  readonly prices?: string
  /** Keeps the throw-away project and says where it is. */
  readonly keep: boolean
}

const SiteReady = z.object({ url: z.url() })

/**
 * Runs `show` on a throw-away project with the bundled workflows and a local site for them to work on. `start` queues the demo's jobs.
 * The project is removed at the end unless it is to be kept.
 */
export async function runDemo(
  flags: DemoFlags,
  show: (project: Project, start: (session: Session) => Promise<void>) => Promise<ExitCode>,
): Promise<ExitCode> {
  const root = flags.root ?? mkdtempSync(join(tmpdir(), 'automate-tui-demo-'))
  writeFileSync(
    join(root, 'automate.config.js'),
    configText(dirname(entryPath(import.meta.url, '../../lib/workflows/cheapest-offer'))),
  )
  const project = await openProject({ ...flags, root })
  const site = await startSite(flags)
  try {
    return await show(project, session => queueDemo(session, site.url))
  } finally {
    site.stop()
    if (flags.keep || flags.root !== undefined) {
      process.stderr.write(`${wordsOf(project).commands.demoStays(root)}\n`)
    } else rmSync(root, { recursive: true, force: true, maxRetries: 10 })
  }
}

function configText(workflows: string): string {
  return `export default { workflows: [${JSON.stringify(workflows)}] }\n`
}

/** The site runs in a process of its own, like a site would; it ends with this one. */
async function startSite(flags: DemoFlags): Promise<{ url: string; stop(): void }> {
  const prices = flags.prices === undefined ? [] : ['--prices', flags.prices]
  const child = fork(
    entryPath(import.meta.url, '../../lib/demo-site/demo-site.entry'),
    ['--seed', flags.seed, ...prices],
    {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      detached: process.platform !== 'win32',
      execArgv: [],
    },
  )
  const ended = once(child, 'exit').then(() => {
    throw new AutomateError('environment-unfit', 'The demo site could not be started; see the message above.')
  })
  const ready = once(child, 'message').then(([message]) => SiteReady.parse(message))
  const { url } = await Promise.race([ready, ended])
  ended.catch(() => undefined)
  return { url, stop: () => child.disconnect() }
}

/** No bottle costs this little: the demo's hunt visits every shop. */
const NO_TARGET_CENTS = 1

/** What the demo does: a swarm that hunts the cheapest bottle across the shops, and two orders. */
async function queueDemo({ store }: Session, site: string): Promise<void> {
  const jobs = [
    { workflow: 'cheapest-offer', input: { site, targetCents: NO_TARGET_CENTS }, workers: 3, priority: 10 },
    { workflow: 'place-order', input: { site, shop: 'harbour-cellar' }, workers: 1 },
    { workflow: 'place-order', input: { site, shop: 'vineyard-lane', bottles: 3 }, workers: 1 },
  ]
  for (const job of jobs) await store.call('jobs.enqueue', { ...job, retries: 2, origin: 'demo' })
}
