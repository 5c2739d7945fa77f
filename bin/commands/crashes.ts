import { join } from 'node:path'
import { AutomateError } from '../../lib/core/errors/errors.ts'
import { sanitiseBlock } from '../../lib/core/text/sanitise.ts'
import type { CrashReport } from '../../lib/model/failure/crash.ts'
import { NO_WORKER } from '../../lib/model/worker/documents.ts'
import { rootCauseOf } from '../../lib/model/failure/root-cause.ts'
import { formatPhase } from '../../lib/model/job/phase.ts'
import { showTraceCommand } from '../../lib/model/trace/trace-settings.ts'
import { remedyWords } from '../../lib/locales/format/remedy-words.ts'
import { artefactWords } from '../../lib/locales/format/artefact-words.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { parseLimit, readNewest } from '../../lib/app/queries/pagination.ts'
import { localTime, printResult, table } from '../output/output.ts'
import { openProject, wordsOf } from '../../lib/app/project/project.ts'
import type { Project, ProjectFlags } from '../../lib/app/project/project.ts'
import { readStore } from '../../lib/app/project/with-store.ts'
import { parseWholeNumber } from '../whole-number.ts'

export async function listCrashes(
  flags: ProjectFlags & { readonly limit?: string },
  json: boolean,
): Promise<ExitCode> {
  const limit = parseLimit(flags.limit)
  const project = await openProject(flags, { readOnly: true })
  const { commands } = wordsOf(project)
  const { rows, cut } = await readStore(project, store =>
    readNewest(limit, page => store.call('crashes.list', page)),
  )
  printResult(rows, json, list =>
    list.length === 0
      ? commands.noCrashes
      : table(
          Object.values(commands.crashColumns),
          list.map(one => [
            one.id,
            localTime(one.at),
            one.jobId,
            one.workflow,
            one.phase === null ? '' : formatPhase(one.phase),
            one.errorName,
            one.message,
          ]),
        ),
  )
  if (cut) process.stderr.write(`${commands.listCut(limit)}\n`)
  return EXIT.done
}

export async function showCrash(flags: ProjectFlags, id: string, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const crash = await readCrash(project, id)
  printResult(crash, json, value => crashText(value, project.paths.root, wordsOf(project)))
  return EXIT.done
}

/**
 * Reads a crash report.
 * @throws `usage` if the id is invalid, `job-missing` if there is no such report.
 */
export async function readCrash(project: Project, id: string): Promise<CrashReport> {
  const number = parseWholeNumber(id)
  if (number === undefined || number < 1)
    throw new AutomateError(
      'usage',
      `"${id}" is not a crash number. "automate-tui crashes" lists the crash reports.`,
    )
  const crash = await readStore(project, store => store.call('crashes.read', { id: number }))
  if (crash !== null) return crash
  throw new AutomateError(
    'job-missing',
    `There is no crash report ${id}. "automate-tui crashes" lists the crash reports.`,
  )
}

function crashText(crash: CrashReport, root: string, words: Catalogue): string {
  const { commands } = words
  const { frame } = rootCauseOf(crash)
  const phase = crash.phase === null ? commands.outsidePhases : formatPhase(crash.phase)
  return sanitiseBlock(
    [
      commands.crashTitle(
        crash.id,
        localTime(crash.at),
        commands.crashJob(
          crash.jobId,
          crash.workflow,
          crash.attempt,
          crash.workerId === NO_WORKER ? '–' : `${crash.member}/${crash.members}`,
        ),
      ),
      commands.inPhase(phase),
      ...(crash.url === null ? [] : [commands.atUrl(crash.url)]),
      ...(frame === null ? [] : [commands.atLine(frame)]),
      '',
      remedyWords(crash.error.code, words),
      '',
      crash.error.stack,
      ...(crash.lastLines.length === 0
        ? []
        : ['', commands.lastLines, ...crash.lastLines.map(line => `  ${line}`)]),
      ...(crash.artefacts.length === 0
        ? []
        : ['', ...crash.artefacts.map(({ kind, path }) => `${artefactWords(kind, words)}: ${path}`)]),
      ...crash.artefacts
        .filter(({ kind }) => kind === 'traces')
        .map(({ path }) => commands.openTrace(showTraceCommand(join(root, path)))),
    ].join('\n'),
    100_000,
  )
}
