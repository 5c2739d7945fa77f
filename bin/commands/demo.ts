import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { makeFolder } from '../../lib/core/disk/make-folder.ts'
import { entryPath } from '../../lib/core/process/entry-path.ts'
import { AutomateError } from '../../lib/core/errors/errors.ts'
import { PROJECT_MARKERS } from '../../lib/core/process/project-place.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { bundledWorkflows, openProject, wordsOf } from '../../lib/app/project/project.ts'
import type { Project, ProjectFlags } from '../../lib/app/project/project.ts'
import { refuseRoot } from '../../lib/app/project/refuse-root.ts'
import type { OpenProject } from '../open-project.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { detectLanguage, isLanguage } from '../../lib/locales/language.ts'
import { translatorFor } from '../../lib/locales/translator.ts'
import { cleanUpOnSignal } from '../shutdown-signals.ts'

export interface DemoFlags extends ProjectFlags {
  readonly seed: string
  readonly prices?: string
  /** Port of the site; 0 for any free port. */
  readonly port: string
  /** True if the temporary project is not removed at the end. Its path is printed. */
  readonly keep: boolean
}

const SiteSaid = z.union([z.object({ url: z.url() }), z.object({ refused: z.string(), message: z.string() })])

/**
 * Runs `show` on a temporary project with the bundled workflows and a local site. `show` receives
 * the function that queues the demo's jobs. The project is removed at the end, unless it is to be
 * kept.
 */
export async function runDemo(
  flags: DemoFlags,
  show: (project: Project, start: (session: OpenProject) => Promise<void>) => Promise<ExitCode>,
): Promise<ExitCode> {
  const root = flags.root ?? mkdtempSync(join(tmpdir(), 'automate-tui-demo-'))
  const kept = flags.keep || flags.root !== undefined
  const remove = () => {
    if (!kept) rmSync(root, { recursive: true, force: true, maxRetries: 10 })
  }
  const forget = cleanUpOnSignal(remove)
  try {
    makeProject(root)
    const project = await openProject({ ...flags, root })
    try {
      return await showOnSite(flags, wordsOf(project), site =>
        show(project, session => queueDemo(session, site)),
      )
    } finally {
      if (kept) process.stderr.write(`${wordsOf(project).commands.demoStays(root)}\n`)
    }
  } finally {
    forget()
    remove()
  }
}

/**
 * Serves only the demo's site, for the user's own workflows, until SIGINT or SIGTERM. Prints
 * nothing but its address on stdout.
 */
export async function serveSite(flags: DemoFlags): Promise<ExitCode> {
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  const site = await startSite(flags)
  const { language = '' } = flags
  const { commands } = translatorFor(isLanguage(language) ? language : detectLanguage(process.env)).words
  process.stderr.write(`${commands.demoSiteAlone}\n`)
  process.stdout.write(`${site.url}\n`)
  await Promise.race([stopped, site.exited])
  await site.stop()
  return EXIT.done
}

/** Starts the demo's site, runs `show` with its address, and stops the site at the end. */
async function showOnSite(
  flags: DemoFlags,
  { commands }: Catalogue,
  show: (site: string) => Promise<ExitCode>,
): Promise<ExitCode> {
  const site = await startSite(flags)
  process.stderr.write(`${commands.demoSite(site.url)}\n`)
  try {
    return await show(site.url)
  } finally {
    await site.stop()
  }
}

/**
 * Writes the configuration of the demo into a folder.
 * @throws `usage` if the folder already has another configuration, because the demo must not
 * replace it.
 */
function makeProject(root: string): void {
  const text = `export default { workflows: [${JSON.stringify(bundledWorkflows())}] }\n`
  const there = PROJECT_MARKERS.map(marker => join(root, marker)).find(existsSync)
  if (there !== undefined && readFileSync(there, 'utf8') !== text) {
    throw new AutomateError(
      'usage',
      `${there} already contains a project. Name an empty folder for the demo.`,
    )
  }
  refuseRoot(root, process.env)
  makeFolder(root)
  // The extension `.mjs` makes the file a module. For a `.js` file, the nearest package.json above
  // decides, and any user can write one in the temporary folder.
  if (there === undefined) writeFileSync(join(root, 'automate.config.mjs'), text, { flag: 'wx' })
}

/** Starts the site in a separate process, like a real site. The process ends with this one. */
async function startSite(
  flags: DemoFlags,
): Promise<{ url: string; exited: Promise<unknown>; stop(): Promise<unknown> }> {
  const prices = flags.prices === undefined ? [] : ['--prices', flags.prices]
  const child = fork(
    entryPath(import.meta.url, '../../lib/demo/site/demo-site.entry'),
    ['--seed', flags.seed, '--port', flags.port, ...prices],
    {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      detached: process.platform !== 'win32',
      execArgv: [],
    },
  )
  const exited = once(child, 'exit')
  // Waits for the channel to close as well, because the last message of the child may arrive after
  // its exit.
  const ended = Promise.all([exited, once(child, 'disconnect')]).then(() => {
    throw new AutomateError(
      'environment-unfit',
      'The demo site could not start. The message above explains why.',
    )
  })
  const announced = once(child, 'message').then(([message]) => SiteSaid.parse(message))
  const answer = await Promise.race([announced, ended])
  ended.catch(() => undefined)
  if ('refused' in answer) {
    throw new AutomateError(answer.refused === 'usage' ? 'usage' : 'environment-unfit', answer.message)
  }
  const { url } = answer
  return {
    url,
    exited,
    stop: () => {
      // The site has nothing to clean up.
      child.kill('SIGKILL')
      return exited
    },
  }
}

/** Target price below the price of every bottle, so that the demo's hunt visits every shop. */
const NO_TARGET_CENTS = 1

/**
 * Queues the demo's jobs: one with three workers that looks for the cheapest bottle in all shops,
 * and two orders.
 */
async function queueDemo({ store }: OpenProject, site: string): Promise<void> {
  const jobs = [
    { workflow: 'cheapest-offer', input: { site, targetCents: NO_TARGET_CENTS }, workers: 3, priority: 10 },
    { workflow: 'place-order', input: { site, shop: 'harbour-cellar' }, workers: 1 },
    { workflow: 'place-order', input: { site, shop: 'vineyard-lane', bottles: 3 }, workers: 1 },
  ]
  for (const job of jobs) await store.call('jobs.enqueue', { ...job, retries: 2, origin: 'demo' })
}
