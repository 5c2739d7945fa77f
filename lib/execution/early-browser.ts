import { readFileSync } from 'node:fs'
import { PROFILE_NAME } from '../core/ids.ts'
import { ProjectPaths } from '../core/paths.ts'
import type { LaunchProfile, MemberRef } from '../domain/documents.ts'
import { memberStem } from '../files/member-stem.ts'
import { startChrome } from './browser/start-chrome.ts'
import type { StartingChrome } from './browser/starting-chrome.ts'
import { memberFiles } from './evidence/member-files.ts'
import type { MemberFiles } from './evidence/member-files.ts'

/** A Chrome that was started before anything else was loaded. */
export interface EarlyBrowser {
  readonly chrome: StartingChrome
  readonly files: MemberFiles
}

/**
 * Starts the Chrome of an assignment while the rest of the worker is still to be loaded: both take as long, and so they overlap. The assignment is only glanced
 * at here; it is checked once the schemas are there, and a Chrome that should not have been is ended then. Undefined when it cannot be read.
 */
export function startBrowserEarly(assignment: string, now: number): EarlyBrowser | undefined {
  try {
    const glance: unknown = JSON.parse(readFileSync(assignment, 'utf8'))
    if (!looksRight(glance)) return undefined
    const files = memberFiles(new ProjectPaths(glance.root), memberStem(glance), glance.profile, now)
    return { chrome: startChrome({ launch: glance.launch, folders: files, output: files.chromeLog }), files }
  } catch {
    // Whatever it is, it comes up again where it can be told.
    return undefined
  }
}

function looksRight(
  value: unknown,
): value is MemberRef & { root: string; profile: string; launch: LaunchProfile } {
  if (!isRecord(value) || !isRecord(value['launch'])) return false
  const { root, profile, jobId, attempt, member, launch } = value
  const { executable, kind, headless, extraArgs, cdp, proxyServer } = launch
  return (
    [root, executable, kind].every(one => typeof one === 'string' && one !== '') &&
    [jobId, attempt, member].every(Number.isSafeInteger) &&
    typeof headless === 'boolean' &&
    (cdp === 'pipe' || cdp === 'port') &&
    (proxyServer === null || typeof proxyServer === 'string') &&
    typeof profile === 'string' &&
    PROFILE_NAME.test(profile) &&
    Array.isArray(extraArgs) &&
    extraArgs.every(one => typeof one === 'string')
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
