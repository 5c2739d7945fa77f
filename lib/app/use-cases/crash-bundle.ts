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

/** The end of a log says what happened; what is before it can be long. */
const LOG_LIMIT = 1_000_000

/** Logs and pictures go along. Node's own report of a death holds the whole environment, and a trace whole pages: they stay here. */
const TEXT_KINDS: ReadonlySet<string> = new Set(['workers', 'chrome'])
/** Holds what pages print, unredacted until its worker has exited. */
const PRINTED_KIND = 'chrome'
const PICTURE_KIND = 'screenshots'

/**
 * Writes one crash with its logs, its picture, the versions and the configuration as one zip without secrets, to `file` or to `data/reports`, and answers where
 * it is. `now` is the project with its configuration as it is now. Thrown as by `writeOutput`.
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
  // The proxies of the start are in use until a restart.
  await knowProxySecrets(project)
  await knowProxySecrets(now)
  const knewBefore = knowWorkerSecrets(project.paths)
  const artefacts = artefactsOf(crash, project.paths.root)
  // A worker that got another job between the two reads may have printed the secrets of that job.
  const knowsAll = knowWorkerSecrets(project.paths) && knewBefore
  if (!knowsAll) leavePrintedOut(artefacts.texts)
  const bundle = crashBundle({ crash, config, versions, ...artefacts }, redactKnown)
  writeOutput(target, { data: bundle, option: '--bundle', named: file !== undefined })
  return target
}

/**
 * Makes the secrets known of all jobs that living workers, and those of a scheduler that was killed, have had: what
 * these printed has not been redacted yet. Returns whether all could be read.
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
      texts.set(name, 'This log is left out: the secrets of the jobs that it belongs to could not be read.\n')
}

/**
 * Returns the end of a log, or why it is left out: before its worker has redacted it, and after a death of the worker
 * before that, the log can hold what only the worker knew.
 */
function readLog(root: string, path: string): string | undefined {
  const wasMarked = isMarkedUnredacted(join(root, path))
  const text = readArtefact(root, path)?.toString('utf8')
  if (text === undefined) return undefined
  // The mark can be made between the two.
  if (wasMarked || isMarkedUnredacted(join(root, path)))
    return 'This log is left out: its worker still runs, or ended before it could redact the log, and the log can hold what a person typed, or the default of a password.\n'
  return knownSecrets.tail(text, LOG_LIMIT)
}

/** What can be had of the report's artefacts. */
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
