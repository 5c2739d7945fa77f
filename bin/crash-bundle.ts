import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { AutomateError, messageOf } from '../lib/core/errors.ts'
import { redactKnown } from '../lib/core/redact.ts'
import { knownSecrets } from '../lib/core/secrets/known-secrets.ts'
import type { CrashReport } from '../lib/domain/crash.ts'
import { crashBundle } from '../lib/report/crash-bundle.ts'
import { knowProxySecrets } from './project.ts'
import type { Project } from './project.ts'
import { effectiveSettings } from './project-settings.ts'
import { PROGRAM } from '../lib/core/program.ts'

/** The end of a log says what happened; what is before it can be long. */
const LOG_LIMIT = 1_000_000

const PRIVATE_FOLDER = 0o700
const PRIVATE_FILE = 0o600

/** Logs and pictures go along. Node's own report of a death holds the whole environment, and a trace whole pages: they stay here. */
const TEXT_KINDS: ReadonlySet<string> = new Set(['workers', 'chrome'])
const PICTURE_KIND = 'screenshots'

/**
 * Writes one crash with its logs, its picture, the versions and the configuration as one zip without secrets, to `file` or to `data/reports`, and answers where
 * it is. `now` is the project with its configuration as it is now. Thrown with code `environment-unfit` when it cannot be written.
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
  write(
    target,
    crashBundle({ crash, config, versions, ...artefactsOf(crash, project.paths.root) }, redactKnown),
  )
  return target
}

/** What can be had of the report's artefacts. */
function artefactsOf({ artefacts }: CrashReport, root: string) {
  const texts = new Map<string, string>()
  const pictures = new Map<string, Uint8Array>()
  for (const { kind, path } of artefacts) {
    const file = resolve(root, path)
    if (!file.startsWith(root + sep)) continue
    try {
      if (TEXT_KINDS.has(kind))
        texts.set(`${kind}/${basename(file)}`, knownSecrets.tail(readFileSync(file, 'utf8'), LOG_LIMIT))
      else if (kind === PICTURE_KIND) pictures.set(`${kind}/${basename(file)}`, readFileSync(file))
    } catch {
      // It was removed meanwhile: the report names it all the same.
    }
  }
  return { texts, pictures }
}

function write(file: string, bundle: Uint8Array): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: PRIVATE_FOLDER })
    writeFileSync(file, bundle, { mode: PRIVATE_FILE })
  } catch (error) {
    throw new AutomateError(
      'environment-unfit',
      `The bundle cannot be written to ${file}: ${messageOf(error)}. Give another place with --bundle <file>.`,
      { cause: error },
    )
  }
}
