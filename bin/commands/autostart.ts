import { resolve } from 'node:path'
import { entryPath } from '../../lib/core/process/entry-path.ts'
import { durationMs } from '../../lib/core/time/duration.ts'
import { AutomateError } from '../../lib/core/errors/errors.ts'
import { autostartOf } from '../../lib/platform/autostart/autostart.ts'
import type { Autostart, AutostartStatus } from '../../lib/platform/autostart/service-command.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { translatorFor } from '../../lib/locales/translator.ts'
import type { Translator } from '../../lib/locales/translator.ts'
import { ownerOf, readOwner } from '../../lib/platform/trust/folder-owner.ts'
import { livingScheduler } from '../../lib/store/ownership/living-owner.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { printResult } from '../output/output.ts'
import { languageOf, openProject } from '../../lib/app/project/project.ts'
import type { ProjectFlags } from '../../lib/app/project/project.ts'

/**
 * Installs the project's scheduler as a service that the operating system starts. With `print`,
 * only prints the definition of the service.
 */
export async function enableAutostart(flags: ProjectFlags, print: boolean, json: boolean): Promise<ExitCode> {
  const { autostart, words, owner } = await open(flags, readOwner)
  if (print) {
    process.stdout.write(autostart.text)
    return EXIT.done
  }
  const { name, place } = autostart
  const was = await autostart.status()
  const before = livingScheduler(owner)
  const byHand = await autostart.install()
  // If the scheduler was the service's own, the install has ended it, so it is not waited for. Some
  // systems do not report the pid of the service.
  const waitsFor = was.pid !== null && livingScheduler(owner) === before ? (before ?? null) : null
  printResult({ name, place, byHand, waitsFor }, json, () =>
    [
      ...(waitsFor === null
        ? [words.installed(name, place)]
        : [words.installedOnly(name, place), words.takesOver(waitsFor)]),
      ...byHand.map(words.byHand),
    ].join('\n'),
  )
  return EXIT.done
}

export async function disableAutostart(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const { autostart, words, t } = await open(flags)
  const { removalMs } = autostart
  if (removalMs !== null && (await autostart.status()).pid !== 0)
    process.stderr.write(`${words.removing(t.duration(removalMs))}\n`)
  const removed = await autostart.uninstall()
  printResult({ name: autostart.name, removed }, json, () =>
    removed ? words.uninstalled(autostart.name) : words.notInstalled,
  )
  return EXIT.done
}

export async function showAutostart(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const { autostart, words, owner } = await open(flags)
  const { name, place } = autostart
  const status = await autostart.status()
  const scheduler = livingScheduler(owner)
  const other = status.pid === null || status.pid === scheduler ? null : (scheduler ?? null)
  printResult({ name, place, ...status, waitsFor: status.stopped ? null : other }, json, () =>
    status.installed
      ? [words.is(name, status.state, place), ...remarks(status, other, words)].join('\n')
      : words.notInstalled,
  )
  return EXIT.done
}

/**
 * Returns remarks on the state of the service. `other` is the pid of the scheduler that runs in the
 * project, if it is not the service's own, and null otherwise.
 */
function remarks({ stopped }: AutostartStatus, other: number | null, words: AutostartWords): string[] {
  if (stopped) return [...(other === null ? [] : [words.runsWithout(other)]), words.startAgain]
  return other === null ? [] : [words.takesOver(other)]
}

type AutostartWords = Catalogue['autostart']

interface Opened {
  readonly autostart: Autostart
  readonly t: Translator
  readonly words: AutostartWords
  /** Path of the document that announces the project's scheduler. */
  readonly owner: string
}

/**
 * Returns the service of a project. Its command names the current owner of the project folder. With
 * `--root` alone, each start would trust the current owner of the folder. Only the installation
 * asks Windows for the owner, because that takes a second.
 */
async function open(
  flags: ProjectFlags,
  ownerNow: (root: string) => string | undefined | Promise<string | undefined> = ownerOf,
): Promise<Opened> {
  const project = await openProject(flags, { readOnly: true })
  const { root, owner } = project.paths
  const projectOwner = await ownerNow(root)
  const args = projectOwner === undefined ? [] : ['--root', root, '--owner', projectOwner]
  const program = resolve(entryPath(import.meta.url, '../automate-tui'))
  const autostart = autostartOf(
    {
      root,
      command: [process.execPath, program, '--no-tui', ...args],
      stopMs: durationMs(project.resolved.config.drainTimeout),
    },
    process.platform,
    process.env,
  )
  const t = translatorFor(languageOf(project))
  if (autostart !== null) return { autostart, t, words: t.words.autostart, owner }
  throw new AutomateError(
    'environment-unfit',
    `automate-tui cannot install a service on ${process.platform}. Use the system's own tools to start "${['automate-tui', '--no-tui', ...args].join(' ')}".`,
  )
}
