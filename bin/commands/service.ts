import { resolve } from 'node:path'
import { entryPath } from '../../lib/core/entry.ts'
import { durationMs } from '../../lib/core/duration.ts'
import { AutomateError } from '../../lib/core/errors.ts'
import { autostartOf } from '../../lib/platform/autostart/autostart.ts'
import type { Autostart } from '../../lib/platform/autostart/service-command.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { printResult } from '../output.ts'
import { openProject, wordsOf } from '../project.ts'
import type { ProjectFlags } from '../project.ts'

/** Lets the system start the project's scheduler by itself, or prints what it would be told. */
export async function installService(flags: ProjectFlags, print: boolean, json: boolean): Promise<ExitCode> {
  const { autostart, words } = await open(flags)
  if (print) {
    process.stdout.write(autostart.text)
    return EXIT.done
  }
  const byHand = await autostart.install()
  printResult({ name: autostart.name, place: autostart.place, byHand }, json, () =>
    [words.installed(autostart.name, autostart.place), ...byHand.map(words.byHand)].join('\n'),
  )
  return EXIT.done
}

export async function uninstallService(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const { autostart, words } = await open(flags)
  const removed = await autostart.uninstall()
  printResult({ name: autostart.name, removed }, json, () =>
    removed ? words.uninstalled(autostart.name) : words.notInstalled,
  )
  return EXIT.done
}

export async function showService(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const { autostart, words } = await open(flags)
  const status = await autostart.status()
  printResult({ name: autostart.name, place: autostart.place, ...status }, json, ({ name, place, ...is }) =>
    is.installed
      ? [words.is(name, is.state, place), ...(is.stopped ? [words.startAgain] : [])].join('\n')
      : words.notInstalled,
  )
  return EXIT.done
}

async function open(flags: ProjectFlags): Promise<{ autostart: Autostart; words: Catalogue['autostart'] }> {
  const project = await openProject(flags)
  const { root } = project.paths
  const program = resolve(entryPath(import.meta.url, '../automate-tui'))
  const autostart = autostartOf(
    {
      root,
      command: [process.execPath, program, '--no-tui', '--root', root],
      stopMs: durationMs(project.resolved.config.drainFor),
    },
    process.platform,
    process.env,
  )
  if (autostart !== null) return { autostart, words: wordsOf(project).autostart }
  throw new AutomateError(
    'environment-unfit',
    `automate-tui does not know how ${process.platform} starts services. Let it start "automate-tui --no-tui --root ${root}" by its own means.`,
  )
}
