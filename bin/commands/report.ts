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
 * Largest picture in a page. A picture of a page is some hundred kilobytes, and a page that is
 * mailed must stay small.
 */
const LARGEST_PICTURE = 3_000_000

/**
 * Reports all facts of one job: as JSON on stdout, or as a page in `data/reports` or in `output`,
 * and prints the path of the page.
 * @throws `usage` or `job-missing`, and as `writeOutput`.
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
  // A page shows the beginning of a long text.
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
 * Adds the secrets of a job's input to the known secrets, because its result may repeat them. If
 * the workflow cannot be read, the description of the last scheduler is used.
 */
async function knowJobSecrets(project: Project, { workflow, input }: Job): Promise<void> {
  const { workflows } = await describeProject(project, { wanted: workflow })
  const known = [...workflows, ...(readScheduler(project.paths.schedulerState)?.workflows ?? [])]
  const schema = known.find(({ name }) => name === workflow)?.inputSchema ?? {}
  knownSecrets.add(secretsOfJob(schema, input))
}

/** Returns the pictures that still exist. */
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
