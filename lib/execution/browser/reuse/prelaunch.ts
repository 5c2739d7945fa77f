import { PROFILE_NAME } from '../../../core/ids.ts'
import { ProjectPaths } from '../../../core/process/paths.ts'
import type { LaunchProfile } from '../../../model/worker/documents.ts'
import { chromeStem } from '../../../files/artefact-stem.ts'
import { chromeFiles } from '../launch/chrome-files.ts'
import type { ChromeFiles } from '../launch/chrome-files.ts'
import { startChrome } from '../launch/start-chrome.ts'
import type { StartingChrome } from '../launch/starting-chrome.ts'
import { readOrder } from '../../worker/read-command.ts'

/** A Chrome that was started before anything else was loaded. */
export interface PrelaunchedBrowser {
  readonly chrome: StartingChrome
  readonly files: ChromeFiles
}

/**
 * Starts a worker's first Chrome while the rest of the worker is still to be loaded: both take as long, and so they overlap. The launch document is only glanced
 * at here; it is checked once the schemas are there, and a Chrome that should not have been is ended then. Undefined when it cannot be read.
 */
export function prelaunchBrowser(launchFile: string, now: number): PrelaunchedBrowser | undefined {
  try {
    const glance: unknown = JSON.parse(readOrder(launchFile))
    if (!looksRight(glance)) return undefined
    const { root, workerId, profile, launch } = glance
    const files = chromeFiles(new ProjectPaths(root), chromeStem(workerId, 1), profile, now)
    return { chrome: startChrome({ launch, folders: files, output: files.output }), files }
  } catch {
    // Whatever it is, it comes up again where it can be told.
    return undefined
  }
}

function looksRight(
  value: unknown,
): value is { workerId: string; root: string; profile: string; launch: LaunchProfile } {
  if (!isRecord(value) || !isRecord(value['launch'])) return false
  const { root, profile, workerId, launch } = value
  const { executable, kind, headless, extraArgs, cdp, proxyServer, limits } = launch
  return (
    [root, executable, kind, workerId].every(one => typeof one === 'string' && one !== '') &&
    typeof headless === 'boolean' &&
    (cdp === 'pipe' || cdp === 'port') &&
    (proxyServer === null || typeof proxyServer === 'string') &&
    typeof profile === 'string' &&
    PROFILE_NAME.test(profile) &&
    Array.isArray(extraArgs) &&
    extraArgs.every(one => typeof one === 'string') &&
    isRecord(limits) &&
    typeof limits['outputBytes'] === 'number'
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
