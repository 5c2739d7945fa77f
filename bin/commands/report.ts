import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { systemClock } from '../../lib/core/clock.ts'
import { redactJson, redactKnown } from '../../lib/core/redact.ts'
import { JsonValue } from '../../lib/domain/json.ts'
import { AutomateError, messageOf } from '../../lib/core/errors.ts'
import type { CrashSummary } from '../../lib/domain/crash.ts'
import { RunReport } from '../../lib/domain/run-report.ts'
import { translatorFor } from '../../lib/locales/translator.ts'
import { excerptJson } from '../../lib/report/excerpt-json.ts'
import { reportPage } from '../../lib/report/report-page.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { jobRecords } from '../job-records.ts'
import { printResult } from '../output.ts'
import { knowProxySecrets, languageOf, openProject } from '../project.ts'
import type { Project, ProjectFlags } from '../project.ts'
import { readStore } from '../with-store.ts'
import type { StoreCalls } from '../with-store.ts'
import { parseJobId } from './jobs.ts'

/** A picture of a page is some hundred kilobytes; what is many times that does not belong into a page that is mailed. */
const LARGEST_PICTURE = 3_000_000

const PRIVATE_FOLDER = 0o700
const PRIVATE_FILE = 0o600

/**
 * Tells everything about one job: as JSON on stdout, or as a page in `data/reports` or in `output`, whose path is printed.
 * Thrown with code `usage` or `job-missing`, and `environment-unfit` when the page cannot be written.
 */
export async function writeReport(
  flags: ProjectFlags,
  job: string,
  output: string | undefined,
  json: boolean,
): Promise<ExitCode> {
  const id = parseJobId(job)
  const project = await openProject(flags, { readOnly: true })
  const whole = await readStore(project, store => readReport(store, id))
  await knowProxySecrets(project)
  // A page shows the beginning of what is long.
  const told = json ? whole : { ...whole, job: { ...whole.job, result: excerptJson(whole.job.result) } }
  const report = RunReport.parse(redactJson(JsonValue.parse(told), redactKnown))
  if (json) {
    printResult(report, true, () => '')
    return EXIT.done
  }
  const t = translatorFor(languageOf(project))
  const file = output === undefined ? join(project.paths.reports, `job_${id}.html`) : resolve(output)
  write(file, reportPage(report, picturesOf(project, report.crashes), t))
  printResult(file, false, path => t.words.report.isIn(path))
  return EXIT.done
}

async function readReport(store: StoreCalls, id: number): Promise<RunReport> {
  const records = await jobRecords(store, id)
  return RunReport.parse({ kind: 'report', version: 1, writtenAt: systemClock.now(), ...records })
}

/** The pictures that are still there. */
function picturesOf({ paths }: Project, crashes: readonly CrashSummary[]): Map<number, string> {
  const pictures = new Map<number, string>()
  for (const { id, artefacts } of crashes) {
    const picture = artefacts.find(({ kind }) => kind === 'screenshots')
    if (picture === undefined) continue
    const file = join(paths.root, picture.path)
    if (existsSync(file) && statSync(file).size <= LARGEST_PICTURE)
      pictures.set(id, readFileSync(file).toString('base64'))
  }
  return pictures
}

function write(file: string, page: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: PRIVATE_FOLDER })
    writeFileSync(file, page, { mode: PRIVATE_FILE })
  } catch (error) {
    throw new AutomateError(
      'environment-unfit',
      `The report cannot be written to ${file}: ${messageOf(error)}. Give another place with --output.`,
      { cause: error },
    )
  }
}
