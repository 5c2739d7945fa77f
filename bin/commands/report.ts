import { join, resolve } from 'node:path'
import { systemClock } from '../../lib/core/time/clock.ts'
import { AutomateError } from '../../lib/core/errors/errors.ts'
import { redactJson, redactKnown } from '../../lib/core/text/redact.ts'
import { knownSecrets } from '../../lib/core/secrets/known-secrets.ts'
import { JsonDocument } from '../../lib/model/json.ts'
import type { CrashSummary } from '../../lib/model/failure/crash.ts'
import type { Job } from '../../lib/model/job/job.ts'
import { JobReport } from '../../lib/model/job/job-report.ts'
import { secretsOfJob } from '../../lib/model/secrets/schema-passwords.ts'
import { readPicture } from '../../lib/files/read-artefact.ts'
import { translatorFor } from '../../lib/locales/translator.ts'
import { excerptJson } from '../../lib/report/excerpt-json.ts'
import { reportPage } from '../../lib/report/report-page.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { jobRecords } from '../../lib/app/queries/job-records.ts'
import { printResult } from '../output/output.ts'
import { readScheduler } from '../../lib/app/queries/project-state.ts'
import { describeProject, knowProxySecrets, languageOf, openProject } from '../../lib/app/project/project.ts'
import type { Project, ProjectFlags } from '../../lib/app/project/project.ts'
import { readStore } from '../../lib/app/project/with-store.ts'
import { writeOutput } from '../../lib/files/write-output.ts'
import { parseJobId } from '../job-flags.ts'

/**
 * Maximum size of a screenshot that is embedded in the page, in bytes. A screenshot normally has a
 * few hundred kilobytes, and a page that is sent by mail must stay small.
 */
const LARGEST_PICTURE = 3_000_000

/**
 * Reports everything about one job, as JSON on stdout or as an HTML page. The page is written to
 * `output`, or to a file in `data/reports`, and its path is printed.
 * @throws `usage` or `job-missing`, and the errors of `writeOutput`.
 */
export async function writeReport(
  flags: ProjectFlags,
  job: string,
  output: string | undefined,
  json: boolean,
): Promise<ExitCode> {
  const id = parseJobId(job)
  if (json && output !== undefined) {
    throw new AutomateError(
      'usage',
      '--json and --output cannot be combined, because --output names the HTML report and --json prints to stdout.',
    )
  }
  const project = await openProject(flags, { readOnly: true })
  const records = await readStore(project, store => jobRecords(store, id))
  const complete = JobReport.parse({ kind: 'report', version: 1, writtenAt: systemClock.now(), ...records })
  await knowProxySecrets(project)
  await knowJobSecrets(project, records.job)
  // A page shows only the beginning of a long result.
  const shown = json
    ? complete
    : { ...complete, job: { ...complete.job, result: excerptJson(complete.job.result) } }
  const report = JobReport.parse(redactJson(JsonDocument.parse(shown), redactKnown))
  if (json) {
    printResult(report, true, () => '')
    return EXIT.done
  }
  const t = translatorFor(languageOf(project))
  const file = output === undefined ? join(project.paths.reports, `job_${id}.html`) : resolve(output)
  const page = reportPage(report, picturesOf(project, report.crashes), t)
  writeOutput(file, { data: page, option: '--output', named: output !== undefined })
  printResult(file, false, path => t.words.report.isIn(path))
  return EXIT.done
}

/**
 * Adds the secrets in a job's input to the known secrets, because the result may repeat them. If
 * the workflow cannot be read, uses its description by the last scheduler.
 */
async function knowJobSecrets(project: Project, { workflow, input }: Job): Promise<void> {
  const { workflows } = await describeProject(project, { wanted: workflow })
  const known = [...workflows, ...(readScheduler(project.paths.schedulerState)?.workflows ?? [])]
  const schema = known.find(({ name }) => name === workflow)?.inputSchema ?? {}
  knownSecrets.add(secretsOfJob(schema, input))
}

/** Returns the screenshots that still exist, in base64 and by the id of their crash. */
function picturesOf({ paths }: Project, crashes: readonly CrashSummary[]): Map<number, string> {
  const pictures = new Map<number, string>()
  for (const { id, artefacts } of crashes) {
    const picture = artefacts.find(({ kind }) => kind === 'screenshots')
    if (picture === undefined) continue
    const bytes = readPicture(paths.root, picture.path, { limit: LARGEST_PICTURE })
    if (bytes !== undefined) pictures.set(id, bytes.toString('base64'))
  }
  return pictures
}
