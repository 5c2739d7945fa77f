import { basename, join, resolve } from 'node:path'
import { redactKnown, secretsOfInput } from '../../core/text/redact.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import type { ProjectPaths } from '../../core/process/paths.ts'
import type { CrashReport } from '../../model/failure/crash.ts'
import { readArtefact, readPicture } from '../../files/read-artefact.ts'
import { readAssignments } from '../../files/documents/read-assignments.ts'
import { isMarkedUnredacted } from '../../files/unredacted-marker.ts'
import { crashBundle } from '../../report/crash-bundle.ts'
import { knowProxySecrets } from '../project/project.ts'
import type { Project } from '../project/project.ts'
import { effectiveSettings } from '../project/project-settings.ts'
import { PROGRAM } from '../../core/process/program.ts'
import { writeOutput } from '../../files/write-output.ts'

/**
 * Maximum number of characters of a log in a bundle. The end of the log is included, because it
 * shows what happened.
 */
const LOG_LIMIT = 1_000_000

/**
 * Kinds of artefacts that a bundle contains as text. Node's own crash report is excluded because it
 * contains the whole environment, and a trace because it contains whole pages.
 */
const TEXT_KINDS: ReadonlySet<string> = new Set(['workers', 'chrome'])
/**
 * Kind of the logs with the output of pages. These logs are not redacted until the worker has
 * exited.
 */
const PRINTED_KIND = 'chrome'
const PICTURE_KIND = 'screenshots'

/**
 * Writes one crash with its logs, its screenshot, the versions and the configuration to a zip file
 * without secrets. The file is `file` or, if absent, a new one in `data/reports`. Returns its path.
 * `now` is the project with its current configuration.
 * @throws the errors of `writeOutput`.
 */
export async function writeCrashBundle(
  project: Project,
  crash: CrashReport,
  { file, now = project }: { readonly file?: string; readonly now?: Project } = {},
): Promise<string> {
  const target = file === undefined ? join(project.paths.reports, `crash_${crash.id}.zip`) : resolve(file)
  const config = Object.fromEntries(
    effectiveSettings(project, now).map(({ setting, value, source }) => [setting, { value, source }]),
  )
  const versions = {
    program: PROGRAM.version,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    browser: crash.browserVersion,
  }
  // The proxies that were configured at the start are in use until a restart.
  await knowProxySecrets(project)
  await knowProxySecrets(now)
  const knewBefore = knowWorkerSecrets(project.paths)
  const artefacts = artefactsOf(crash, project.paths.root)
  // Read again after the logs. A worker that got another job between the two reads may have printed
  // the secrets of that job.
  const knowsAll = knowWorkerSecrets(project.paths) && knewBefore
  if (!knowsAll) leavePrintedOut(artefacts.texts)
  const bundle = crashBundle({ crash, config, versions, ...artefacts }, redactKnown)
  writeOutput(target, { data: bundle, option: '--bundle', named: file !== undefined })
  return target
}

/**
 * Adds the secrets of all jobs of running workers, and of the workers of a killed scheduler, to the
 * known secrets, because the output of these workers has not been redacted yet. Returns true if all
 * of the secrets could be read.
 */
function knowWorkerSecrets(paths: ProjectPaths): boolean {
  let knowsAll = true
  const assignments = readAssignments(paths, () => {
    knowsAll = false
  })
  for (const { input, secrets } of assignments)
    knownSecrets.add([...secretsOfInput(input), ...(secrets ?? [])])
  return knowsAll
}

function leavePrintedOut(texts: Map<string, string>): void {
  for (const name of texts.keys())
    if (name.startsWith(`${PRINTED_KIND}/`))
      texts.set(name, 'This log is omitted, because the secrets of its jobs could not be read.\n')
}

/**
 * Returns the end of a log, or a text that explains why the log is omitted; undefined if it cannot
 * be read. A log is omitted until its worker has redacted it, and if the worker died before that,
 * because it may contain secrets that only the worker knew.
 */
function readLog(root: string, path: string): string | undefined {
  const wasMarked = isMarkedUnredacted(join(root, path))
  const text = readArtefact(root, path)?.toString('utf8')
  if (text === undefined) return undefined
  // The log may have been marked between the check and the read.
  if (wasMarked || isMarkedUnredacted(join(root, path)))
    return 'This log is omitted, because its worker still runs, or ended before it could redact the log. The log can contain text that a person typed, or a default password.\n'
  return knownSecrets.tail(text, LOG_LIMIT)
}

/** Returns the artefacts of a report that still exist, by their names in the bundle. */
function artefactsOf({ artefacts }: CrashReport, root: string) {
  const texts = new Map<string, string>()
  const pictures = new Map<string, Uint8Array>()
  for (const { kind, path } of artefacts) {
    const name = `${kind}/${basename(path)}`
    if (TEXT_KINDS.has(kind)) {
      const text = readLog(root, path)
      if (text !== undefined) texts.set(name, text)
    } else if (kind === PICTURE_KIND) {
      const picture = readPicture(root, path)
      if (picture !== undefined) pictures.set(name, picture)
    }
  }
  return { texts, pictures }
}
